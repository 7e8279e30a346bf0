// The signing table without network, made of what the tablet took along.
import { keepSignature } from "./table-packets.js";
import { all, get } from "./table-store.js";
import "./sign-pad.js";

const place = document.getElementById("offline");
const PARTIES = ["party_a", "party_b"];
const PAUSE = 5000; // milliseconds between two looks for the network
let isSigning = false;

const part = (name) => document.getElementById(name).content.cloneNode(true);

function fill(node, values) {
  for (const [name, value] of Object.entries(values))
    for (const slot of node.querySelectorAll(`[data-${name}]`)) slot.textContent = value;
  return node;
}

function show(node) {
  window.scrollTo(0, 0);
  place.replaceChildren(node);
  place.querySelector("h2")?.focus();
}

// Who has signed: by the server's word when it was last asked, or here since.
async function signersOf(memorandum) {
  const packets = (await all("packets")).filter(({ code }) => code === memorandum.code);
  return memorandum.signers.map((signer) => {
    const packet = packets.find(({ role }) => role === signer.role);
    return { ...signer, waits: Boolean(packet), done: Boolean(packet || signer.signed_at) };
  });
}

function rolesThatMaySign(signers) {
  const open = signers.filter(({ done }) => !done).map(({ role }) => role);
  const parties = open.filter((role) => PARTIES.includes(role));
  return parties.length ? parties : open;
}

async function showList() {
  const facts = await get("facts", "table");
  const memoranda = (await all("memoranda")).sort((one, other) => one.turn - other.turn);
  if (!facts || !memoranda.length) return show(part("nothing"));
  const list = fill(part("list"), { station: facts.station });
  for (const memorandum of memoranda) {
    const signers = await signersOf(memorandum);
    const parties = signers.slice(0, 2).map(({ organisation }) => organisation);
    const row = fill(part("list-row"), {
      turn: memorandum.turn,
      number: memorandum.number,
      parties: parties.join(" – "),
      done: signers.filter(({ done }) => done).length,
    });
    row.querySelector("a").href = `/table/${memorandum.code}/`;
    list.querySelector("tbody").append(row);
  }
  list.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = new FormData(event.target).get("code").toUpperCase().replace(/[^0-9A-Z]/g, "");
    if (typed) window.location.assign(`/table/${typed}/`);
  });
  show(list);
}

function turnOf(signer) {
  const node = fill(part("turn"), { label: signer.label, name: signer.name });
  const item = node.querySelector("li");
  item.classList.add(signer.done ? "done" : "later");
  const state = signer.waits ? "waits" : signer.done ? "signed" : "open";
  for (const word of node.querySelectorAll("[data-state]"))
    if (word.dataset.state !== state) word.remove();
  return node;
}

async function showMemorandum(memorandum) {
  isSigning = false;
  const signers = await signersOf(memorandum);
  const node = fill(part("memorandum"), { number: memorandum.number });
  node.querySelector("article").innerHTML = memorandum.html;
  node.querySelector(".turns").append(...signers.map(turnOf));
  const open = rolesThatMaySign(signers);
  node.querySelector(open.length ? "[data-all-signed]" : "[data-who]").remove();
  for (const role of open) {
    const signer = signers.find((each) => each.role === role);
    const button = fill(part("call"), { label: signer.label, name: signer.name });
    button.querySelector("button").addEventListener("click", () => showSigning(memorandum, signer));
    node.querySelector("[data-who] .stack").append(button);
  }
  show(node);
}

function showSigning(memorandum, signer) {
  isSigning = true;
  const node = fill(part("signing-page"), { name: signer.name, number: memorandum.number });
  node.querySelector("article").innerHTML = memorandum.html;
  const choices = node.querySelector(".choices");
  memorandum.statements[signer.role].forEach((statement, number) => {
    const choice = fill(part("statement"), { statement });
    choice.querySelector("input").value = String(number);
    choices.append(choice);
  });
  node.querySelector("[data-not-now]").addEventListener("click", () => showMemorandum(memorandum));
  show(node);
  const form = place.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const filled = new FormData(form);
    const drawn = {
      strokes: filled.get("strokes"),
      consents: filled.getAll("consent").map(Number),
      drawn_at: Number(filled.get("device_at")),
      read_seconds: Number(filled.get("read_seconds")),
    };
    form.querySelector("[data-sign]").disabled = true;
    await keepSignature(memorandum, signer.role, drawn);
    await showMemorandum(memorandum);
    goOnline();
  });
}

// Back on the network, the page itself comes from the server and sends what waits.
function goOnline() {
  if (navigator.onLine && !isSigning) window.location.reload();
}

// The network is often announced before it carries anything: the reload brings this page again.
async function lookForNetwork() {
  if (!navigator.onLine || isSigning) return;
  const signal = AbortSignal.timeout(PAUSE);
  const answer = await fetch("/table/", { method: "HEAD", cache: "no-store", signal });
  if (answer.ok) goOnline();
}

window.addEventListener("online", goOnline);
window.setInterval(() => lookForNetwork().catch(() => {}), PAUSE);
const code = window.location.pathname.split("/")[2]?.toUpperCase();
const memorandum = code && (await get("memoranda", code));
if (memorandum) await showMemorandum(memorandum);
else await showList();
