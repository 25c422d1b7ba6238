// What helps while somebody writes. Every form works without it. It uses what minibatch.js says of forms and fields,
// which fetches it when it is first needed.

// Drafts: a form that is typed into is saved on the server, two seconds after the last key and at least every ten
// seconds. Each save has a version of its own and names the versions that it goes on from, so that the server sees
// whether the draft was changed on another machine.
const PAUSE = 2_000;
const AT_LEAST = 10_000;
const TRY_AGAIN = 15_000;
const VERSIONS = 20;
const states = new WeakMap();

// crypto.randomUUID is there on https alone.
const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

const ofDraft = (form, name) => form.elements.namedItem(name);
const setOfDraft = (form, name, value) => {
  const field = ofDraft(form, name);
  field.dataset.begun ??= field.value;
  field.value = value;
  rememberField(form, field);
};
const typedInto = (form) => fieldsOf(form).filter((field) => field.type !== "hidden");
const isText = (field) => field.matches("textarea, [type='text'], [type='url'], [type='number'], input:not([type])");
const isBlank = (form) => typedInto(form).filter(isText).every((field) => !field.value.trim());
// A form that is as the page began is worth no draft; where it began with a draft, only an empty one.
const isEmpty = (form) =>
  isBlank(form) || (!startOf(ofDraft(form, "draft")) && typedInto(form).every(isAsBegun));
const pathOfForm = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname;

const stateOf = (form) => {
  if (!states.has(form)) {
    const isTyped = !typedInto(form).every(isAsBegun);  // put back after a reload
    states.set(form, { timer: 0, firstAt: 0, isSaving: false, isTyped, saved: null });
  }
  return states.get(form);
};
const dataOf = (form) => {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
  for (const name of ["draft", "draft_versions"]) data.delete(name);
  return data;
};

const tell = (form, words) => {
  const line = form.querySelector("[data-draft-state]");
  if (line && line.textContent !== words) line.textContent = words;
};
const lineOf = (form) => form.querySelector("[data-draft-state]")?.dataset ?? {};

const schedule = (form, pause = PAUSE) => {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.firstAt ||= Date.now();
  const wait = Math.min(pause, Math.max(0, state.firstAt + AT_LEAST - Date.now()));
  state.timer = setTimeout(() => save(form), Math.max(wait, pause === TRY_AGAIN ? pause : 0));
};

const save = async (form, { leaving = false } = {}) => {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.firstAt = 0;
  if (!form.isConnected || form.ariaBusy || !state.isTyped) return;
  if (state.isSaving && !leaving) return schedule(form);
  const data = dataOf(form);
  const words = data.toString();
  if (words === state.saved || (isEmpty(form) && !ofDraft(form, "draft").value)) return;
  const version = newKey();
  const known = ofDraft(form, "draft_versions").value;
  state.spare ??= newKey();
  if (!ofDraft(form, "draft").value) setOfDraft(form, "draft", newKey());
  // Until it is answered, nobody knows whether it was saved: the next save may go on from either.
  setOfDraft(form, "draft_versions", `${known} ${version}`.trim().split(" ").slice(-VERSIONS).join(" "));
  data.set("draft", ofDraft(form, "draft").value);
  data.set("draft_version", version);
  data.set("draft_versions", known);
  data.set("draft_spare", state.spare);
  data.set("draft_for", pathOfForm(form));
  const isOver = isEmpty(form);
  if (isOver) data.set("draft_empty", "1");
  state.isSaving = true;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: data, keepalive: leaving });
    await answered(form, answer, { version: isOver ? "" : version, words });
  } catch {
    tell(form, lineOf(form).offline);
    schedule(form, TRY_AGAIN);
  } finally {
    state.isSaving = false;
  }
};

const answered = async (form, answer, { version, words }) => {
  const state = stateOf(form);
  const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
  if (answer.ok || answer.status === 409) {
    state.saved = words;
    if (answer.status === 409) goOnAside(form, await answer.text());
    setOfDraft(form, "draft_versions", version);
    if (!version) setOfDraft(form, "draft", "");  // emptied: what is typed next is a new draft
    if (answer.ok) tell(form, await answer.text());
    if (dataOf(form).toString() !== words) schedule(form);
    return;
  }
  if (answer.status === 401) return tell(form, lineOf(form).signedOut);
  tell(form, isSentence ? await answer.text() : lineOf(form).failed);
  if (answer.status !== 400) schedule(form, TRY_AGAIN);
};

// The draft was changed elsewhere: this text is kept under the spare key, and both are shown.
const goOnAside = (form, html) => {
  const state = stateOf(form);
  setOfDraft(form, "draft", state.spare);
  state.spare = newKey();
  tell(form, "");
  form.before(...new DOMParser().parseFromString(html, "text/html").body.children);
};

const wasTyped = (form) => {
  stateOf(form).isTyped = true;
  schedule(form);
};
document.addEventListener("input", (event) => {
  const form = event.target.closest?.(drafts);
  if (form && event.isTrusted) wasTyped(form);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches(drafts)) clearTimeout(stateOf(event.target).timer);
}, true);
document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  if (isTaken(detail)) stateOf(detail.elt).isTyped = false;  // the page may be left for another now
});
addEventListener("online", () => {
  for (const form of document.querySelectorAll(drafts)) save(form);
});
// A page that is left or hidden may not come back.
const saveAll = () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of document.querySelectorAll(drafts)) save(form, { leaving: true });
};
document.addEventListener("visibilitychange", saveAll);

// A short form asks for a draft to go on with when it is first used.
const offerDraft = async (field) => {
  const form = field.closest?.("form[data-draft-offer]");
  if (!form || form.dataset.isOffered || form.nextElementSibling?.matches("[data-draft-offered]") || !isEmpty(form) || ofDraft(form, "draft").value) return;
  form.dataset.isOffered = "true";
  const about = new URLSearchParams();
  for (const name of ["step", "activity", "resource", "paper", "parent"]) {
    const value = ofDraft(form, name)?.value;
    if (value) about.set(name, value);
  }
  const wanted = about.size ? `${pathOfForm(form)}?${about}` : pathOfForm(form);
  const answer = await fetch(`${form.dataset.draftOffer}?${new URLSearchParams({ for: wanted })}`).catch(() => null);
  if (!answer?.ok) return;
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const offer of document.querySelectorAll("[data-draft-offered]")) offer.remove();
  form.after(...body.children);
};
document.addEventListener("focusin", (event) => offerDraft(event.target));
// A page offers no draft that its form goes on with already.
const hideOwnOffers = () => {
  for (const form of document.querySelectorAll(drafts)) {
    const key = ofDraft(form, "draft").value;
    if (key) document.querySelector(`[data-draft-offered="${CSS.escape(key)}"]`)?.remove();
  }
};
hideOwnOffers();
document.addEventListener("answered-in-place", hideOwnOffers);

// “Keep only this one” deletes the other version, and the page stays.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!event.isTrusted || !form.matches("form[data-draft-discard]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return say();
  form.closest(".notice").replaceWith(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
});

// A preview beside a long form, while it is typed; below a comment, when its button is pressed.
const PREVIEW_PAUSE = 700;
const previews = new WeakMap();
const showPreview = async (form, into) => {
  const state = previews.get(form) ?? {};
  state.running?.abort();
  state.running = new AbortController();
  previews.set(form, state);
  const { signal } = state.running;
  const answer = await fetch(form.dataset.preview, { method: "POST", body: dataOf(form), signal }).catch(() => null);
  if (!answer || signal.aborted) return;
  const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
  if (!answer.ok && !isSentence) return;
  const words = await answer.text();
  if (signal.aborted) return;
  if (answer.ok) into.replaceChildren(...new DOMParser().parseFromString(words, "text/html").body.children);
  else into.replaceChildren(Object.assign(document.createElement("p"), { className: "muted", textContent: words }));
};
const isInView = (element) => {
  const box = element.getBoundingClientRect();
  return box.top < innerHeight && box.bottom > 0;
};
const besideOf = (form) => form.closest(".write")?.querySelector("#preview");
const offerPreviews = () => {
  for (const form of document.querySelectorAll(".write form[data-preview]")) {
    const beside = besideOf(form);
    if (!beside?.hidden) continue;
    beside.hidden = false;
    if (!isBlank(form)) showPreview(form, beside.querySelector("[data-preview-into]"));
  }
};
offerPreviews();
document.addEventListener("answered-in-place", offerPreviews);
const timersOfPreviews = new WeakMap();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.(".write form[data-preview]");
  const beside = form && besideOf(form);
  if (!beside) return;
  beside.hidden = false;
  clearTimeout(timersOfPreviews.get(form));
  const pause = PREVIEW_PAUSE + (form.querySelector("textarea")?.value.length ?? 0) / 20;  // a long text costs more
  timersOfPreviews.set(form, setTimeout(() => {
    if (isInView(beside)) showPreview(form, beside.querySelector("[data-preview-into]"));
  }, pause));
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("form[data-preview] button[name='preview']");
  const into = button?.form.querySelector("[data-preview-into]");
  if (!into) return;
  event.preventDefault();
  showPreview(button.form, into);
});

// Buttons and keys that put marks around what is selected. What they do can be undone like typing.
const putIn = (area, words) => {
  area.focus();
  if (document.execCommand("insertText", false, words)) return;
  area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
};
const putMarks = (area, before, after) => {
  const { selectionStart: start, selectionEnd: end } = area;
  const selected = area.value.slice(start, end);
  const words = before === "> " ? selected.replaceAll("\n", "\n> ") : selected;
  putIn(area, before + words + after);
  if (!selected) area.setSelectionRange(start + before.length, start + before.length);
};
document.addEventListener("click", (event) => {
  const sign = event.target.closest?.("[data-before]");
  const area = sign?.closest("form").querySelector("textarea[name='body']");
  if (area) putMarks(area, sign.dataset.before, sign.dataset.after);
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (!event.target.matches("form[data-draft] textarea")) return;
  const sign = event.target.form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!sign) return;
  event.preventDefault();
  putMarks(event.target, sign.dataset.before, sign.dataset.after);
});

// A reply is closed, and what was typed stays a draft.
document.addEventListener("click", (event) => {
  const place = event.target.closest?.("a[data-close-reply]")?.closest("[id^='reply-']");
  if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  save(place.querySelector("form"), { leaving: true });
  place.replaceChildren();
  document.querySelector(`a[data-hx-target="#${CSS.escape(place.id)}"]`)?.focus();
});

// This script may come after the first keys.
{
  const form = document.activeElement.closest(drafts);
  if (form && !typedInto(form).every(isAsBegun)) wasTyped(form);
  else if (form) offerDraft(document.activeElement);
}
