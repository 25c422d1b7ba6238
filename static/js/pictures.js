// Pictures and files that are chosen, pasted or dropped where somebody writes are sent at once, and their line is put
// where the caret is. Without this script the form sends them.
{
  const listOf = (form) => form.querySelector("[data-uploads] ul");
  const textOf = (form) => form.querySelector("textarea[name='body']");
  const formAt = (element) => {
    const form = element.closest?.("form");
    return form?.querySelector("[data-uploads]") ? form : null;
  };
  const escaped = (words) => words.replace(/[[\]]/g, (sign) => (sign === "[" ? "(" : ")")).replace(/\s+/g, " ");
  const picture = (key) => new RegExp(`!\\[((?:[^\\[\\]\\\\]|\\\\.)*)\\]\\(picture:${key}\\)`, "gs");

  // The text changed by the script is kept as a draft like one that is typed.
  const changed = (text) => text.dispatchEvent(new Event("input", { bubbles: true }));
  const putInto = (text, line) => {
    const before = text.value.slice(0, text.selectionEnd);
    const after = text.value.slice(text.selectionEnd);
    const above = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const below = after.startsWith("\n") ? "" : "\n\n";
    const caret = before.length + above.length + line.length + below.length;
    text.value = before + above + line + below + after;
    text.setSelectionRange(caret, caret);
    changed(text);
  };
  const lineOf = ({ key, kind, name }) =>
    kind === "picture" ? `![](picture:${key})` : `[${name}](file:${key})`;

  // What is said of a picture stands in the text.
  const describe = (item) => {
    const form = formAt(item);
    const text = textOf(form);
    const words = escaped(item.querySelector("textarea").value.trim());
    const said = text.value.replace(picture(item.dataset.key), () => `![${words}](picture:${item.dataset.key})`);
    if (said === text.value) return;
    text.value = said;
    changed(text);
  };
  const takeOut = (item) => {
    const { key, name } = item.dataset;
    if (!key) return;
    const text = textOf(formAt(item));
    text.value = text.value.replace(picture(key), "").replaceAll(`[${name}](file:${key})`, "").trimStart();
    changed(text);
  };
  const ready = (root) => {
    for (const button of root.querySelectorAll("[data-uploads] [data-remove]")) button.hidden = false;
    // said in the text already, or as soon as it is typed
    for (const said of root.querySelectorAll("[data-uploads] li[data-key] textarea")) {
      const found = picture(said.closest("li").dataset.key).exec(textOf(said.form)?.value ?? "");
      if (found && !said.value) said.value = found[1];
      said.removeAttribute("name");
    }
  };

  const waiting = (form) => {
    const item = form.querySelector("[data-uploads] template").content.firstElementChild.cloneNode(true);
    listOf(form).append(item);
    ready(form);
    return item;
  };
  const failed = (item) => {
    item.querySelector("progress").remove();
    item.querySelector("[data-state]").remove();
    item.querySelector(".error").role = "alert";
    item.querySelector(".error").hidden = false;
    delete item.dataset.sending;
  };
  const send = (form, file) => {
    const item = waiting(form);
    const body = new FormData();
    const request = new XMLHttpRequest();
    item.dataset.sending = "";
    item.querySelector("b").textContent = file.name;
    item.querySelector("[data-remove] .visually-hidden").textContent += file.name;
    item.querySelector("[data-remove]").addEventListener("click", () => request.abort());
    body.append("csrfmiddlewaretoken", form.querySelector("[name='csrfmiddlewaretoken']").value);
    body.append("files", file, file.name);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      item.querySelector("progress").value = (100 * loaded) / total;
    });
    request.addEventListener("error", () => failed(item));
    request.addEventListener("load", () => {
      if (request.status !== 200) return failed(item);
      const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("li");
      if (!answer) return failed(item);
      form.querySelector("[data-wait]").textContent = "";
      const line = document.adoptNode(answer);
      item.replaceWith(line);
      if (line.dataset.key) putInto(textOf(form), lineOf(line.dataset));
      ready(form);
    });
    request.open("POST", form.querySelector("[data-uploads]").dataset.uploads);
    request.setRequestHeader("X-In-Place", "true");  // a sign-in page is no answer
    request.send(body);
  };

  const sendChosen = (input) => {
    const form = formAt(input);
    if (!form) return;
    for (const file of input.files) send(form, file);
    input.value = "";
  };
  document.addEventListener("change", ({ target }) => {
    if (target.type === "file") sendChosen(target);
  });
  document.addEventListener("paste", (event) => {
    const form = formAt(event.target);
    const { files } = event.clipboardData;
    // a table or a page is pasted as text, although a picture of it comes along
    if (!form || !files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    for (const file of files) send(form, file);
  });
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      const form = formAt(event.target);
      if (!form || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      for (const file of kind === "drop" ? event.dataTransfer.files : []) send(form, file);
    });
  }
  document.addEventListener("input", ({ target }) => {
    const item = target.matches?.("[data-uploads] li textarea") && target.closest("li");
    if (item) describe(item);
  });
  document.addEventListener("click", ({ target }) => {
    const item = target.closest?.("[data-remove]")?.closest("li");
    if (!item) return;
    takeOut(item);
    const text = textOf(formAt(item));
    item.remove();
    text.focus();
  });
  // Before anything else looks at the form: its files have been sent.
  document.addEventListener(
    "submit",
    (event) => {
      const form = formAt(event.target);
      if (!form) return;
      if (form.querySelector("[data-sending]")) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const state = form.querySelector("[data-wait]");
        state.textContent = state.dataset.wait;
        return;
      }
      form.removeAttribute("enctype");
      form.querySelector("[data-uploads] input[type='file']").removeAttribute("name");
    },
    true,
  );
  ready(document);
  // This script may come after the first files: the form, sent with it, leaves them out.
  for (const input of document.querySelectorAll("[data-uploads] input[type='file']")) sendChosen(input);
  document.addEventListener("htmx:load", (event) => ready(event.target));
}
