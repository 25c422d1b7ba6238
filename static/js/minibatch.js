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

// What stands in a form for a post or a comment survives a reload of the page, in this tab only. It is put back where the
// page begins as it did: a form for another kind of post is another form.
const drafts = "form[data-draft]";
const written = "textarea[name], select[name], input[name]:not([type='file'], [type='password'], [type='submit'])";
const fieldsOf = (form) =>
  [...form.querySelectorAll(written)].filter((field) => field.name !== "csrfmiddlewaretoken");
const sameAs = (field) => fieldsOf(field.form).filter((each) => each.name === field.name);
// What the page began with; of radio buttons, the one that was pressed.
const startOf = (field) => {
  if (field.type === "radio") return sameAs(field).find((each) => each.defaultChecked)?.value ?? "";
  if (field.type === "checkbox") return String(field.defaultChecked);
  if (field.options) return ([...field.options].find((each) => each.defaultSelected) ?? field.options[0])?.value ?? "";
  return field.dataset.begun ?? field.defaultValue;  // a hidden field has no default of its own
};
const wordsOf = (field) => {
  if (field.type === "radio") return sameAs(field).find((each) => each.checked)?.value ?? "";
  return field.type === "checkbox" ? String(field.checked) : field.value;
};
const isAsBegun = (field) => wordsOf(field) === startOf(field);
const putBack = (field, words) => {
  if (field.type === "checkbox") field.checked = words === "true";
  else if (field.type !== "radio") field.value = words;
  else if (field.value === words) field.checked = true;
};
// A number for what the page put into a form. Its draft is not of it, nor are fields that come with a picture.
const beginnings = new WeakMap();
const beginningOf = (form) => {
  if (!beginnings.has(form)) {
    const begun = fieldsOf(form).filter((field) => !field.name.startsWith("draft")).map((field) => [field.name, startOf(field)]);
    const words = JSON.stringify(begun.filter(([, start]) => start && start !== "false"));
    beginnings.set(form, [...words].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) | 0, 0));
  }
  return beginnings.get(form);
};
const draftKey = (form, field) => {
  const nth = field.type === "radio" ? 0 : sameAs(field).indexOf(field);
  return `draft:4:${location.pathname}:${form.id}:${beginningOf(form)}:${field.name}:${nth}`;
};
const keptOf = (form, field) => JSON.parse(sessionStorage.getItem(draftKey(form, field)) ?? "{}");
const putAllBack = (form) => {
  const begun = fieldsOf(form).filter((field) => isAsBegun(field) && keptOf(form, field).from === startOf(field));
  const isTyped = (field) => field.type !== "hidden" && keptOf(form, field).words !== startOf(field);
  // A key without words belongs to another text, which would be written over.
  if (!begun.some(isTyped)) return forgetDraft(form);
  for (const field of begun) {
    if (field.type === "hidden") field.dataset.begun ??= field.value;
    putBack(field, keptOf(form, field).words);
  }
};
const rememberField = (form, field) => {
  const draft = { from: startOf(field), words: wordsOf(field) };
  sessionStorage.setItem(draftKey(form, field), JSON.stringify(draft));
};
document.addEventListener("input", (event) => {
  const form = event.target.closest?.(drafts);
  if (form && event.target.matches(written)) rememberField(form, event.target);
});
const forgetDraft = (form) => {
  for (const field of fieldsOf(form)) sessionStorage.removeItem(draftKey(form, field));
};
for (const form of document.querySelectorAll(drafts)) putAllBack(form);
// A form that was sent and taken. What else asks from within it, such as for questions that look alike, leaves it.
const isTaken = ({ elt, xhr }) => elt.matches(drafts) && xhr.status < 400 && !xhr.responseText.includes('role="alert"');
// A form that comes back, refused or with a preview, goes on from where it began: what was kept of it is forgotten with it.
const goOnFrom = (before) => {
  for (const form of document.querySelectorAll(drafts)) {
    if (before && form.id === before.id && !beginnings.has(form)) beginnings.set(form, before.beginning);
  }
};
const placeOf = (form) => form.matches(drafts) && { id: form.id, beginning: beginningOf(form) };
let sent = null;
document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  sent = placeOf(detail.elt);
  if (isTaken(detail)) forgetDraft(detail.elt);
});
document.addEventListener("htmx:afterSwap", () => goOnFrom(sent));
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
  if (next === null) return showAnswer(await answer.text(), placeOf(form));
  if (form.matches(drafts)) forgetDraft(form);
  const isHere = next.split("#")[0] === location.pathname + location.search;
  location.assign(next);
  if (isHere && next.includes("#")) location.reload();
};
const showAnswer = (html, before) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  goOnFrom(before);
  globalThis.htmx?.process(document.body);
  const start = document.querySelector("main [autofocus]") ?? document.querySelector("main [role='alert']");
  if (start && !start.matches("input, textarea, select")) start.tabIndex = -1;
  scrollTo(0, 0);
  start?.focus();
  letToastsGo();
  document.dispatchEvent(new Event("answered-in-place"));
};
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented) return;
  if (!event.isTrusted || !form.matches(answeredInPlace) || document.querySelector("main script")) {
    if (form.matches(drafts)) forgetDraft(form);  // refused, the page brings the words back
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
  event.target.form?.requestSubmit(event.target.form.querySelector("button:not([name], [type='button'])"));
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

// A script that only one field needs is loaded when the field is first used.
const loadScript = (field) => field?.dataset?.script && import(field.dataset.script);
document.addEventListener("focusin", (event) => loadScript(event.target));
loadScript(document.activeElement);

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
  const { elt, verb, path, parameters, triggeringEvent } = event.detail;
  // A question is looked for by its first lines: an address holds no long text.
  if (elt.id === "alike") {
    if (elt.closest(".kind-fields")?.checkVisibility() === false) return event.preventDefault();  // no question
    parameters.body = (parameters.body ?? "").slice(0, 300);
  }
  if (verb === "get") return;
  const form = elt instanceof HTMLFormElement ? elt : elt.form;
  const token = form?.querySelector(":scope > input[name=csrfmiddlewaretoken]");
  const pathOf = (address) => new URL(address, location.href).pathname;
  const goesThere = () =>
    pathOf(path) === pathOf(elt.getAttribute("formaction") ?? form.getAttribute("action") ?? "");
  if (!triggeringEvent?.isTrusted || !token || !goesThere()) event.preventDefault();
});

// A reply that is being written stays where it is: another press of “Reply” goes to it.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, target } = event.detail;
  const begun = elt.matches("a") && target?.matches?.("[id^='reply-']") && target.querySelector("textarea");
  if (!begun) return;
  event.preventDefault();
  begun.focus();
});

// The passkey scripts of allauth tell what went wrong; the page has the words for it.
document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("passkey-trouble");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});

// An open page follows what is told and, below a post, what is written: one question for both. A page that is hidden asks
// nothing; one that is looked at asks less and less often while nothing comes and nothing is done.
const SOON = 20_000;  // milliseconds
const SELDOM = 300_000;
let patience = SOON;
let askedAt = Date.now();
const askAgain = async () => {
  const bell = document.querySelector(".bell");
  if (!bell || document.hidden) return;
  askedAt = Date.now();
  patience = Math.min(patience * 1.5, SELDOM);
  const shown = new URLSearchParams({ unread: bell.dataset.unread });
  const { post, newest, number } = document.getElementById("newer")?.dataset ?? {};
  if (post) for (const [name, value] of Object.entries({ post, newest, shown: number })) shown.set(name, value);
  const answer = await fetch(`${bell.dataset.again}?${shown}`).catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return;
  const changed = new DOMParser().parseFromString(await answer.text(), "text/html");
  changeBell(changed.querySelector("a.bell"));
  changeLine(changed.getElementById("newer"));
  patience = SOON;
};
const changeBell = (made) => {
  const bell = document.querySelector(".bell");
  if (!made || !bell) return;
  dressBell(bell, made);
  const count = bell.querySelector("data")?.textContent;
  document.title = `${count ? `(${count}) ` : ""}${document.title.replace(/^\(\d+\+?\) /, "")}`;
};
const dressBell = (bell, made) => {
  bell.classList.toggle("unread", made.matches(".unread"));
  Object.assign(bell.dataset, made.dataset);
  bell.replaceChildren(...made.childNodes);
};
// The line "2 new comments: show". Nothing else of the page changes before it is pressed.
const changeLine = (made) => {
  const line = document.getElementById("newer");
  if (!made || line?.dataset.newest !== made.dataset.newest) return;  // shown meanwhile
  const hadFocus = line.contains(document.activeElement);
  line.dataset.number = made.dataset.number;
  line.replaceChildren(...made.childNodes);
  if (hadFocus) line.querySelector("a")?.focus({ preventScroll: true });
};
if (document.querySelector("a.bell")) {
  setInterval(() => {
    if (Date.now() - askedAt >= patience) askAgain();
  }, 5_000);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - askedAt >= SOON) askAgain();
  });
  for (const deed of ["pointerdown", "keydown"]) {
    document.addEventListener(deed, () => {
      patience = SOON;
    });
  }
}

// The bell is a link to the page of notifications. With script it opens a menu, which is fetched each time: then a
// summary stands in place of the link.
const openBell = async (bell) => {
  const answer = await fetch(bell.dataset.menu).catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return location.assign(bell.href);
  const box = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".bell-box");
  if (!bell.isConnected) return;  // pressed twice
  const menu = document.createElement("details");
  const summary = document.createElement("summary");
  menu.className = "menu bell-menu";
  summary.className = bell.className;
  dressBell(summary, bell);
  menu.append(summary, box);
  bell.replaceWith(menu);
  menu.open = true;
  summary.focus();
  menu.addEventListener("toggle", () => {
    if (menu.open) return;
    const hadFocus = menu.contains(document.activeElement);
    dressBell(bell, summary);
    menu.replaceWith(bell);
    if (hadFocus) bell.focus();
  });
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.bell, .bell-box a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.matches(".bell")) {
    event.preventDefault();
    openBell(link);
  } else if (link.hash && link.pathname + link.search === location.pathname + location.search) {
    event.preventDefault();  // the page is open: what happened since is read by loading it
    location.assign(link.href);
    location.reload();
  }
});

// What helps while somebody writes comes when a form for a text is first touched, and at once where there is a text.
const { writing } = document.currentScript.dataset;
const texts = "form:has(textarea[name='body'])";
const fetchScript = (address) =>
  new Promise((fetched) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, onload: fetched, onerror: fetched });
    document.head.append(script);
  });
let helping = null;
const helpWriting = () => {
  helping ??= Promise.all((writing ?? "").split(" ").filter(Boolean).map(fetchScript));
  return helping;
};
for (const touch of ["focusin", "pointerdown", "dragenter"]) {
  document.addEventListener(touch, (event) => {
    if (event.target.closest?.(texts)) helpWriting();
  });
}
const helpAtOnce = () => {
  const goesOn = [...document.querySelectorAll(drafts)].some((form) => form.elements.namedItem("draft")?.value);
  if (goesOn || document.querySelector(`.write ${texts}, [data-uploads] li`)) helpWriting();
};
helpAtOnce();
document.addEventListener("answered-in-place", helpAtOnce);
