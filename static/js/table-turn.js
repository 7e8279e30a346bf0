// The network may leave between reading and signing: then the signature waits on the tablet.
import { keepSignature } from "./table-packets.js";
import { get } from "./table-store.js";

const PATIENCE = 4000; // milliseconds
const form = document.getElementById("signing");

async function hasNetwork() {
  if (!navigator.onLine) return false;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    return (await fetch(form.dataset.table, { method: "HEAD", cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const memorandum = await get("memoranda", form.dataset.code).catch(() => undefined);
  if (!memorandum || (await hasNetwork())) return form.submit();
  const filled = new FormData(form);
  await keepSignature(memorandum, form.dataset.role, {
    strokes: filled.get("strokes"),
    consents: filled.getAll("consent").map(Number),
    drawn_at: Number(filled.get("device_at")),
    read_seconds: Number(filled.get("read_seconds")),
  });
  window.location.replace(form.dataset.table);
});
