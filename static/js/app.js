// What every page needs and HTML alone cannot do. Pages work without it.

const announcer = document.getElementById("announcer");
let lastSaid = "";

// A swapped-in part is silent to screen readers; say the sentence it marks, once.
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.target.matches?.("[data-announce]")
    ? event.target
    : event.target.querySelector?.("[data-announce]");
  const sentence = part?.textContent.trim().replace(/\s+/g, " ");
  if (sentence && sentence !== lastSaid) {
    lastSaid = sentence;
    announcer.textContent = sentence;
  }
});

// On a narrow screen the current tab, or the year's last fair and today, may lie out of sight.
for (const mark of document.querySelectorAll(".tabs .on, .lanes :is(.bar, .today)")) {
  const row = mark.closest(".tabs, .lanes");
  const [outer, inner] = [row.getBoundingClientRect(), mark.getBoundingClientRect()];
  row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

// A form that came back with errors: bring the reader to the summary.
document.querySelector("[data-focus]")?.focus();

// A destructive button names what will happen before it does.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A slow network must not send a form twice; after a while it may be sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
