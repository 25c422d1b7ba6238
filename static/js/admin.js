/* Names for what Django's own scripts build: the boxes of select2, the calendar and the clock. */
"use strict";

const words = (text) => (typeof gettext === "function" ? gettext(text) : text);

function nameChooser(container) {
  const select = container.previousElementSibling;
  const box = container.querySelector("[role=combobox]");
  const shown = container.querySelector("[role=textbox]");
  const label = select?.labels?.[0];
  if (!box || !label) return;
  label.id ||= `${select.id}_label`;
  box.setAttribute("aria-labelledby", shown ? `${label.id} ${shown.id}` : label.id);
  shown?.setAttribute("aria-labelledby", label.id);
}

/* The list that is open stands at the end of the page, away from its field. */
function nameList(dropdown) {
  const open = document.querySelector(".select2-container--open [role=combobox]");
  const label = document.getElementById(open?.getAttribute("aria-labelledby")?.split(" ")[0]);
  if (!label) return;
  dropdown.setAttribute("role", "region");
  dropdown.setAttribute("aria-labelledby", label.id);
  open.setAttribute("aria-controls", open.getAttribute("aria-owns"));
  for (const part of dropdown.querySelectorAll("[role=searchbox], [role=listbox], [type=search]")) {
    part.setAttribute("aria-labelledby", label.id);
  }
}

function nameDialog(box) {
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", words(box.classList.contains("clockbox") ? "Choose a Time" : "Choose a Date"));
}

const NAMED = { ".select2-container": nameChooser, ".select2-dropdown": nameList, ".calendarbox, .clockbox": nameDialog };

function nameIn(root) {
  for (const [selector, name] of Object.entries(NAMED)) {
    if (root.matches(selector)) name(root);
    for (const each of root.querySelectorAll(selector)) name(each);
  }
}

new MutationObserver((changes) => {
  for (const added of changes.flatMap((change) => [...change.addedNodes])) {
    if (added instanceof Element) nameIn(added);
  }
}).observe(document.body, { childList: true, subtree: true });
nameIn(document.body);
