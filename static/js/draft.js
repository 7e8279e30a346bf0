// The value of each line and of the whole, while it is typed. The server works the same out when the
// page is saved or searched; this only spares the wait.

const form = document.querySelector("[data-draft]");
const language = document.documentElement.lang;
const totals = form.querySelector("[data-totals]");

/** A whole number typed with or without grouping; NaN for anything else. */
function read(text) {
  const plain = text.trim().replace(/(?<=\d)[., ](?=\d{3}(?!\d))/g, "");
  return /^\d+$/.test(plain) ? Number(plain) : NaN;
}

/** Money as the rest of the page writes it. */
function money(amount) {
  const number = amount.toLocaleString(language === "en" ? "en" : "vi");
  return language === "en" ? `VND\u00a0${number}` : `${number}\u00a0₫`;
}

function workOut() {
  const sums = new Map();
  for (const line of form.querySelectorAll("[data-line]")) {
    const field = (name) => line.querySelector(`[name$="-${name}"]`);
    const value = read(field("quantity").value) * read(field("price").value);
    line.querySelector("[data-value]").textContent = value ? money(value) : "–";
    if (!value) continue;
    const period = field("period").selectedOptions[0].textContent;
    sums.set(period, (sums.get(period) ?? 0) + value);
  }
  const words = [...sums].map(([period, sum]) => `${money(sum)} ${period}`);
  totals.textContent = words.join(" · ") || "–";
}

form.addEventListener("input", workOut);
