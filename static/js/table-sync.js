// While there is network: send what waits, take along what may be signed without.
import { deliver } from "./table-packets.js";
import { all, get, put, remove, replaceAll } from "./table-store.js";

const place = document.getElementById("tablet");

async function sha256(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function takeAlong() {
  const { data, code } = place.dataset;
  const answer = await fetch(code ? `${data}?code=${code}` : data, { cache: "no-store" });
  // Sent away, or over: nobody's particulars stay on the tablet.
  if (answer.status === 401) return replaceAll("memoranda", []);
  if (!answer.ok) return;
  const { memoranda, ...facts } = await answer.json();
  const whole = [];
  for (const each of memoranda)
    if ((await sha256(each.html)) === each.html_sha256) whole.push([each.code, each]);
  await put("facts", "table", facts);
  if (!facts.signs_offline) return replaceAll("memoranda", []);
  if (!code) return replaceAll("memoranda", whole);
  // One memorandum lies open: only that one was asked for.
  await remove("memoranda", code);
  for (const [key, each] of whole) await put("memoranda", key, each);
}

function tell(name, count) {
  const line = place.querySelector(`[data-${name}]`);
  line.hidden = !count;
  line.querySelector("[data-count]").textContent = String(count);
}

async function synchronise() {
  if (!window.indexedDB || !navigator.serviceWorker || !(await get("facts", "device"))) return;
  await navigator.serviceWorker.register(place.dataset.worker, { scope: "/table/" });
  if (await deliver(place.dataset.packets)) {
    window.location.reload();
    return;
  }
  await takeAlong();
  (await navigator.serviceWorker.ready).active.postMessage("keep");
  const packets = await all("packets");
  tell("kept", (await all("memoranda")).length);
  tell("waiting", packets.filter((packet) => packet.state !== "refused").length);
  tell("refused", packets.filter((packet) => packet.state === "refused").length);
  place.dataset.ready = "yes";
}

synchronise().catch(() => {
  // No network in the middle of it: the next page tries again.
});
