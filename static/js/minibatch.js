// The little script of our own: what htmx leaves open. Every page works without it.

// Suggest the browser's own time zone where none was chosen yet.
for (const select of document.querySelectorAll("select[data-detect-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select.value === "UTC" && [...select.options].some((option) => option.value === zone)) select.value = zone;
}
