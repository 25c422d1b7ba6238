// What is offered below the box of a search while somebody types. Loaded when the box is first used; without it,
// Enter searches.
const boxes = "input[data-suggestions]";
let list = null; // the list that is open, or null
let box = null; // the box below which it is
let waiting = 0; // the timer of the next question
let asking = new AbortController();

const options = () => [...list.querySelectorAll("[role='option']")];
const chosen = () => list.querySelector("[aria-selected='true']");
const close = () => {
  clearTimeout(waiting);
  asking.abort();
  list?.remove();
  box?.removeAttribute("aria-activedescendant");
  box?.setAttribute("aria-expanded", "false");
  list = box = null;
};
const choose = (option) => {
  for (const each of options()) each.setAttribute("aria-selected", each === option);
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};
const show = (html, typed) => {
  const [found] = new DOMParser().parseFromString(html, "text/html").body.children;
  close();
  if (!found) return;
  [list, box] = [found, typed];
  list.id = "suggestions";
  typed.form.append(list);
  options().forEach((option, number) => {
    option.id = `suggestion-${number}`;
  });
  typed.setAttribute("role", "combobox");
  typed.setAttribute("aria-autocomplete", "list");
  typed.setAttribute("aria-controls", list.id);
  typed.setAttribute("aria-expanded", "true");
  // a press with the mouse must not take the focus from the box, or the list would close before the click
  list.addEventListener("mousedown", (event) => event.preventDefault());
};
const ask = async (typed, words) => {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const address = `${typed.dataset.suggestions}?${new URLSearchParams({ q: words })}`;
  const answer = await fetch(address, { signal }).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => "") : "";
  if (!signal.aborted && document.activeElement === typed) show(html, typed);
};

const wasTyped = (typed) => {
  clearTimeout(waiting);
  asking.abort();  // its answer would close the list for what is typed now
  const words = typed.value.trim();
  if (words.length < 2) close();
  else waiting = setTimeout(ask, 200, typed, typed.value);
};
document.addEventListener("input", (event) => {
  if (event.target.matches?.(boxes) && !event.isComposing) wasTyped(event.target);
});
document.addEventListener("keydown", (event) => {
  if (!list || event.target !== box || event.isComposing) return;
  const [all, at] = [options(), chosen()];
  if (event.key === "ArrowDown") choose(all[all.indexOf(at) + 1]);
  else if (event.key === "ArrowUp") choose(at ? all[all.indexOf(at) - 1] : all.at(-1));
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && at && !event.ctrlKey && !event.metaKey) at.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("focusout", (event) => {
  if (event.target === box || event.target.matches?.(boxes)) close();
});

// This script may come after the first keys.
{
  const typed = document.activeElement;
  if (typed.matches(boxes) && typed.value !== typed.defaultValue) wasTyped(typed);
}
