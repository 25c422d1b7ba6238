// People are offered while somebody types `@` and letters in a text. Without this script a handle is typed as it is.
{
  const texts = "#composer textarea, form[id^='comment-form'] textarea, form[data-draft] textarea";
  const names = document.querySelector("script[data-names]").dataset.names;
  const before = /(?:^|[^\w@/.-])@([\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]{0,39})?$/u;
  let picker = null; // the list that is open, or null
  let field = null; // the text below which it is
  let waiting = 0; // the timer of the next question

  const options = () => [...picker.querySelectorAll("[role='option']")];
  const close = () => {
    clearTimeout(waiting);
    picker?.remove();
    for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) field?.removeAttribute(name);
    picker = field = null;
  };
  const choose = (option) => {
    for (const each of options()) each.setAttribute("aria-selected", each === option);
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const chosen = () => picker.querySelector("[aria-selected='true']");
  const take = (option) => {
    const [start, end] = [field.value.slice(0, field.selectionStart), field.selectionEnd];
    const at = start.length - (start.match(before)?.[1] ?? "").length;
    field.setRangeText(`${option.dataset.handle} `, at, end, "end");
    const text = field;
    close();
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = (html, text) => {
    close();
    const [list] = new DOMParser().parseFromString(html, "text/html").body.children;
    if (!list) return;
    picker = list;
    field = text;
    list.id = "names-offered";
    text.after(list);
    options().forEach((option, number) => {
      option.id = `name-offered-${number}`;
    });
    text.setAttribute("aria-controls", list.id);
    text.setAttribute("aria-autocomplete", "list");
    choose(options()[0]);
    // a press with the mouse must not take the focus from the text
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role='option']");
      if (option) take(option);
    });
  };
  const typedIn = (text) => text.selectionStart === text.selectionEnd && text.value.slice(0, text.selectionStart).match(before);

  const wasTyped = (text) => {
    clearTimeout(waiting);
    const typed = typedIn(text);
    if (!typed) return close();
    waiting = setTimeout(async () => {
      const post = text.form.action.match(/\/posts\/(\d+)\//)?.[1] ?? "";
      const asked = typed[1] ?? "";
      const answer = await fetch(`${names}?${new URLSearchParams({ q: asked, post })}`).catch(() => null);
      // what was typed meanwhile asks by itself
      if (answer?.ok && document.activeElement === text && (typedIn(text)?.[1] ?? null) === (typed[1] ?? null)) show(await answer.text(), text);
    }, 150);
  };
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.(texts)) wasTyped(target);
  });
  document.addEventListener("keydown", (event) => {
    if (!picker || event.target !== field || event.isComposing) return;
    const all = options();
    const next = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (next) choose(all[(all.indexOf(chosen()) + next + all.length) % all.length]);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) take(chosen());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => {
    if (event.target === field) close();
  });

  // This script may come after the first keys.
  if (document.activeElement.matches(texts)) wasTyped(document.activeElement);
}
