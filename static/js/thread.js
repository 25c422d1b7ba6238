// What a page with a discussion has: its new comments, and quotes from it.

// What somebody types into, or else reads, stays where it is in the window while the page grows.
const stays = "main :is(.rich > *, .comment > .row, .comment > footer, .post > *)";
const isSeen = (element) => {
  const { top, bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > (document.querySelector(".topbar")?.offsetHeight ?? 0) && top < innerHeight;
};
const inPlace = (change) => {
  const field = document.activeElement.matches("main :is(input, textarea, select)") && document.activeElement;
  const still = field && isSeen(field) ? field : [...document.querySelectorAll(stays)].find(isSeen);
  const before = still?.getBoundingClientRect().top;
  change();
  if (still) scrollBy({ top: still.getBoundingClientRect().top - before, behavior: "instant" });
};
// New comments are put where the page would show them: into their branch, or at the end. One of one's own may be there.
const numberOf = (comment) => Number(comment?.id.replace("comment-", ""));
const putInOrder = (list, item) => {
  const commentOf = (each) => (each.matches(".comment") ? each : each.firstElementChild);
  const later = [...list.children].find((each) => numberOf(commentOf(each)) > numberOf(commentOf(item)));
  list.insertBefore(item, later ?? null);
};
const putComments = (branches) => {
  const added = [];
  for (const branch of branches) {
    const there = document.getElementById(branch.id);
    if (!there) {
      putInOrder(document.getElementById("comments"), branch);
      added.push(branch);
      continue;
    }
    for (const reply of branch.querySelectorAll(":scope > ol > li")) {
      if (document.getElementById(reply.firstElementChild.id)) continue;
      putInOrder(there.querySelector(":scope > ol"), reply);
      added.push(reply.firstElementChild);
    }
  }
  return added;
};
const showNewer = async (line, link) => {
  const isByKey = document.activeElement === link;
  const answer = await fetch(`${line.dataset.show}?after=${line.dataset.newest}`).catch(() => null);
  if (!answer) return say();
  if (answer.status !== 200 || answer.redirected) return location.assign(link.href);
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = body.querySelector("#newer-comments");
  if (!made) return location.assign(link.href);
  let added = [];
  inPlace(() => {
    added = putComments([...made.children]);
    document.getElementById("comment-count")?.replaceWith(body.querySelector("#comment-count"));
    Object.assign(line.dataset, { newest: made.dataset.newest, number: 0 });
    line.replaceChildren();
  });
  for (const each of added) globalThis.htmx?.process(each);
  if (isByKey && added.length) {
    added[0].tabIndex = -1;
    added[0].focus({ preventScroll: true });
  }
  askAgain();  // what was told of them is read now
};
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("#newer[data-show] a")) event.preventDefault();  // the focus stays
});
document.addEventListener("click", async (event) => {
  const link = event.target.closest("#newer[data-show] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const line = link.closest("#newer");
  if (line.ariaBusy) return;
  line.ariaBusy = "true";
  await showNewer(line, link);
  line.ariaBusy = null;
});

// “Quote” puts what is marked in a text, or all of it, at the end of the answer that is being written.
let marked = null;
const markedIn = (link) => {
  const text = link.closest("article")?.querySelector(":scope > .rich");
  const selection = getSelection();
  if (!text || !selection.rangeCount || selection.isCollapsed) return "";
  const range = selection.getRangeAt(0);
  // What is read of a formula is not what was typed: then all of the text is quoted.
  const hasFormula = [...text.querySelectorAll("math")].some((each) => range.intersectsNode(each));
  return text.contains(range.commonAncestorContainer) && !hasFormula ? selection.toString() : "";
};
document.addEventListener("pointerdown", (event) => {
  const link = event.target.closest?.("a[data-quote]");
  marked = link ? { link, words: markedIn(link) } : null;  // a press takes the selection away
}, true);
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-quote]");
  const form = document.getElementById("comment-form");
  if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const words = marked?.link === link ? marked.words : markedIn(link);
  const answer = await fetch(`${link.dataset.quote}?${new URLSearchParams({ words })}`).catch(() => null);
  if (!answer?.ok || answer.redirected) return location.assign(link.href);
  await helpWriting();
  const area = form.querySelector("textarea");
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  const gap = area.value.trim() ? "\n\n" : "";
  putIn(area, gap + (await answer.text()));
  wasTyped(form);
});
