// On the page of saved things j and k go from one to the next, d marks it done, and r opens its date.
const savedThings = () => [...document.querySelectorAll("#saved .hit")];
let savedAt = -1;
const goToSaved = (number) => {
  const things = savedThings();
  savedAt = Math.max(0, Math.min(number, things.length - 1));
  things[savedAt]?.querySelector("h3 a, a, button").focus();
};
const savedKeys = {
  j: () => goToSaved(savedAt + 1),
  k: () => goToSaved(savedAt - 1),
  d: () => {
    const button = savedThings()[savedAt]?.querySelector("button[name='done']");
    button?.focus();  // htmx sends the button that has the focus
    button?.form.requestSubmit(button);
    savedAt -= 1;  // the next one takes its place
  },
  r: () => savedThings()[savedAt]?.querySelector(".date, .row-menu summary")?.click(),
};
document.addEventListener("focusin", (event) => {
  const number = savedThings().indexOf(event.target.closest("#saved .hit"));
  if (number >= 0) savedAt = number;
});
document.addEventListener("keydown", (event) => {
  if (!document.getElementById("saved") || !Object.hasOwn(savedKeys, event.key)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  savedKeys[event.key]();
});
