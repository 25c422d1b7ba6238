// The little script of our own: what htmx leaves open. Every page works without it.

// Suggest the browser's own time zone where none was chosen yet.
for (const select of document.querySelectorAll("select[data-detect-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select.value === "UTC" && [...select.options].some((option) => option.value === zone)) select.value = zone;
}

// A menu closes when something else is pressed, and on Escape.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
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

// A press that was refused or got no answer says so; what was typed stays where it is.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, () => {
    const toasts = document.getElementById("toasts");
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.textContent = toasts.dataset.failed;
    toasts.replaceChildren(toast);
    letToastsGo();
  });
}

// The passkey scripts of allauth tell what went wrong; the page has the words for it.
document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("passkey-trouble");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});
