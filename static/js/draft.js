// The value of each line and of the whole, while it is typed. The server works the same out when the
// page is saved or searched; this only spares the wait.

const form = document.querySelector("[data-draft]");
const language = document.documentElement.lang === "en" ? "en" : "vi";
const totals = form.querySelector("[data-totals]");
const point = language === "en" ? "." : ",";
const THOUSAND = 1000n;

/** Đồng typed with or without grouping; null for anything else. */
function readMoney(text) {
  const plain = text.trim().replace(/(?<=\d)[., \u00a0](?=\d{3}(?!\d))/g, "");
  return /^\d+$/.test(plain) ? BigInt(plain) : null;
}

/** A quantity in thousandths, by the rules of `parse_quantity`; null for what the server refuses. */
function readQuantity(text) {
  const typed = text.trim().replace(/\s+/g, " ");
  const doubtful = /^([1-9]\d{0,2})([.,])(\d{3})$/.exec(typed);
  if (doubtful) {
    const [, whole, mark, part] = doubtful;
    if (mark !== point) return BigInt(whole + part) * THOUSAND;
    return part.endsWith("0") ? null : BigInt(whole + part);
  }
  const plain = /^(\d+)(?:[.,](\d+))?$/.exec(typed);
  const grouped = /^([1-9]\d{0,2}(?:([., ])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?$/.exec(typed);
  const [whole, part = ""] = plain ? [plain[1], plain[2]] : grouped ? [grouped[1], grouped[3]] : [];
  const decimals = part.replace(/0+$/, "");
  if (whole === undefined || decimals.length > 3) return null;
  return BigInt(whole.replace(/[., ]/g, "") + decimals.padEnd(3, "0"));
}

/** Money as the rest of the page writes it. */
function money(amount) {
  const number = amount.toLocaleString(language);
  return language === "en" ? `VND\u00a0${number}` : `${number}\u00a0₫`;
}

function workOut() {
  const sums = new Map();
  for (const line of form.querySelectorAll("[data-line]")) {
    const field = (name) => line.querySelector(`[name$="-${name}"]`);
    const quantity = readQuantity(field("quantity").value);
    const price = readMoney(field("price").value);
    // Whole đồng, half a đồng upwards.
    const value = quantity && price && (quantity * price + THOUSAND / 2n) / THOUSAND;
    line.querySelector("[data-value]").textContent = value ? money(value) : "–";
    if (!value) continue;
    const period = field("period").selectedOptions[0].textContent;
    sums.set(period, (sums.get(period) ?? 0n) + value);
  }
  const words = [...sums].map(([period, sum]) => `${money(sum)} ${period}`);
  totals.textContent = words.join(" · ") || "–";
}

form.addEventListener("input", workOut);
