// The little script of our own: what htmx leaves open. Every page works without it.

// The browser's own time zone: picked where none was chosen yet, offered where another one is stored.
for (const select of document.querySelectorAll("select[data-zone-offer]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select.value === zone || ![...select.options].some((option) => option.value === zone)) continue;
  if ("detectZone" in select.dataset && select.value === "UTC") {
    select.value = zone;
    continue;
  }
  const offer = document.createElement("p");
  const use = document.createElement("button");
  offer.className = "hint";
  offer.textContent = `${select.dataset.zoneOffer.replace("{zone}", zone.replaceAll("_", " "))} `;
  use.type = "button";
  use.className = "linklike";
  use.textContent = select.dataset.zoneUse;
  use.addEventListener("click", () => {
    select.value = zone;
    offer.remove();
    select.focus();
  });
  offer.append(use);
  select.after(offer);
}

// A link to a comment that stands on a later page of a long discussion leads there.
const [, comment] = location.hash.match(/^#comment-(\d+)$/) ?? [];
const asked = new URLSearchParams(location.search).get("comment");
if (comment && asked !== comment && document.getElementById("comments") && !document.getElementById(`comment-${comment}`)) {
  location.replace(`${location.pathname}?comment=${comment}#comment-${comment}`);
}

// What stands in a form for a post or a comment survives a reload of the page, in this tab only. It is kept with what
// the page had in the field, and put back only where the page has the same again.
const drafts = "#composer, form[id^='comment-form'], form[data-draft]";
const written = "textarea[name], input[name='title'], input[name='kind']";
// What the page began with; of radio buttons, the one that was pressed.
const startOf = (field) => {
  if (field.type !== "radio") return field.defaultValue;
  return [...fieldsOf(field.form)].find((each) => each.name === field.name && each.defaultChecked)?.value ?? "";
};
const isAsBegun = (field) => field.type === "radio" || field.value === field.defaultValue;
const putBack = (field, words) => {
  if (field.type !== "radio") field.value = words;
  else if (field.value === words) field.checked = true;
};
const draftKey = (form, field) => `draft:2:${location.pathname}:${form.id}:${field.name}`;
const fieldsOf = (form) => form.querySelectorAll(written);
for (const form of document.querySelectorAll(drafts)) {
  for (const field of fieldsOf(form)) {
    const { from, words } = JSON.parse(sessionStorage.getItem(draftKey(form, field)) ?? "{}");
    if (from === startOf(field) && isAsBegun(field)) putBack(field, words);
  }
}
document.addEventListener("input", (event) => {
  const form = event.target.closest?.(drafts);
  if (form && event.target.matches(written)) {
    const draft = { from: startOf(event.target), words: event.target.value };
    sessionStorage.setItem(draftKey(form, event.target), JSON.stringify(draft));
  }
});
const forgetDraft = (form) => {
  for (const field of fieldsOf(form)) sessionStorage.removeItem(draftKey(form, field));
};
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt.closest(drafts);
  if (form && !event.detail.isError && !event.detail.serverResponse.includes('role="alert"')) forgetDraft(form);
});
if (!document.querySelector(".tabbar")) {  // a page of visitors: whoever signs in next finds nothing
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
}

// A form that is refused is shown again in the place of its page, which stays one step back in the history: a page that
// answers a form itself cannot be gone back to. A page with scripts of its own is loaded as a whole.
const fields = "input:not([type='hidden']), textarea, select";
const answeredInPlace = `main form[method='post']:not([data-hx-post], [enctype]):has(${fields})`;
const send = async (form, button) => {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.append(button.name, button.value);
  const address = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const answer = await fetch(address, { method: "POST", body, headers: { "X-In-Place": "true" } });
  const next = answer.headers.get("X-In-Place-Location");
  if (next === null) return showAnswer(await answer.text());
  if (form.matches(drafts)) forgetDraft(form);
  const isHere = next.split("#")[0] === location.pathname + location.search;
  location.assign(next);
  if (isHere && next.includes("#")) location.reload();
};
const showAnswer = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  globalThis.htmx?.process(document.body);
  const start = document.querySelector("main [autofocus]") ?? document.querySelector("main [role='alert']");
  if (start && !start.matches("input, textarea, select")) start.tabIndex = -1;
  scrollTo(0, 0);
  start?.focus();
  letToastsGo();
};
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented) return;
  if (!event.isTrusted || !form.matches(answeredInPlace) || document.querySelector("main script")) {
    if (form.matches("form[data-draft]")) forgetDraft(form);  // refused, the page brings the words back
    return;
  }
  event.preventDefault();
  if (form.ariaBusy) return;
  form.ariaBusy = "true";  // until its page is another
  try {
    await send(form, submitter);
  } catch {
    form.ariaBusy = null;
    say();
  }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null;
});

// The short form asks for what its kind of post is for.
const askForKind = (form) => {
  const { prompt } = form?.querySelector("input[name='kind']:checked")?.dataset ?? {};
  if (prompt) form.querySelector("textarea").placeholder = prompt;
};
document.addEventListener("change", (event) => askForKind(event.target.closest?.("#composer")));
askForKind(document.getElementById("composer"));

// Ctrl+Enter, or Command+Enter, sends what one writes.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
  event.preventDefault();
  event.target.form?.requestSubmit(event.target.form.querySelector("button:not([name])"));
});

// "/" goes to the search, wherever nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const boxes = [...document.querySelectorAll("input[type='search'][name='q']")];
  const box = document.getElementById("id_q") ?? boxes.find((each) => each.checkVisibility());
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// A menu closes when something else is pressed or focused, and on Escape.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
// What opens below the edge of the window is scrolled up.
const showMenus = () => {
  for (const menu of openMenus()) menu.lastElementChild.scrollIntoView({ block: "nearest" });
};
document.addEventListener("toggle", showMenus, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

// A page without htmx stores a theme by sending its form.
document.addEventListener("change", (event) => {
  if (!window.htmx && event.target.matches("input[name='theme']")) event.target.form.requestSubmit();
});

// A toast that asks for nothing leaves after ten seconds.
const letToastsGo = () => {
  for (const toast of document.querySelectorAll(".toast:not([data-leaving], :has(button, a))")) {
    toast.dataset.leaving = "";
    setTimeout(() => toast.remove(), 10_000);
  }
};
letToastsGo();
document.addEventListener("htmx:afterSettle", letToastsGo);

// Texts of a list are all cut at the same height: where that cut something, a link leads to the rest.
const fold = () => {
  for (const text of document.querySelectorAll("#posts .rich")) {
    const isCut = text.scrollHeight > text.clientHeight + 4;
    text.classList.toggle("folded", isCut);
    const more = text.nextElementSibling;
    if (isCut && more?.matches(".read-on")) more.hidden = false;
  }
};
fold();
document.fonts.ready.then(fold);
addEventListener("resize", fold);
document.addEventListener("htmx:afterSettle", fold);

// A press that was refused or got no answer says so; what was typed stays where it is.
const say = (words) => {
  const toasts = document.getElementById("toasts");
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = words || toasts.dataset.failed;
  toasts.replaceChildren(toast);
  letToastsGo();
};
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    const answer = event.detail.xhr;  // 429 says in words what was too much, and when to try again
    say(answer?.status === 429 && answer.responseText);
  });
}

// htmx sends only what a person pressed, and a form only to where it goes without htmx. So an element that got into a
// page by somebody's text can change nothing: no press, no form with a security token around it, or another address.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, verb, path, triggeringEvent } = event.detail;
  if (verb === "get") return;
  const form = elt instanceof HTMLFormElement ? elt : elt.form;
  const token = form?.querySelector(":scope > input[name=csrfmiddlewaretoken]");
  const pathOf = (address) => new URL(address, location.href).pathname;
  const goesThere = () =>
    pathOf(path) === pathOf(elt.getAttribute("formaction") ?? form.getAttribute("action") ?? "");
  if (!triggeringEvent?.isTrusted || !token || !goesThere()) event.preventDefault();
});

// The passkey scripts of allauth tell what went wrong; the page has the words for it.
document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("passkey-trouble");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});
