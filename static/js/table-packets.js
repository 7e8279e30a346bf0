// A signature without network becomes a packet: sealed for the server, signed by this tablet.
import { all, get, put, remove } from "./table-store.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const text = new TextEncoder();

function base64(bytes) {
  const view = new Uint8Array(bytes);
  let letters = "";
  for (let at = 0; at < view.length; at += 8192)
    letters += String.fromCharCode(...view.subarray(at, at + 8192));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function newKey() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  await put("facts", "device", pair);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return JSON.stringify({ kty, crv, x, y });
}

// The one-time private key is dropped with this call: this tablet cannot open the packet again.
async function seal(plain, key, jwk) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const table = await crypto.subtle.importKey("jwk", jwk, curve, false, []);
  const once = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: table }, once.privateKey, 256);
  const raw = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const secret = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text.encode("mou-packet/1") },
    raw,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: text.encode(key) },
    secret,
    text.encode(JSON.stringify(plain)),
  );
  const { x, y } = await crypto.subtle.exportKey("jwk", once.publicKey);
  return { epk: { x, y }, iv: base64(iv), data: base64(data) };
}

// `drawn`: strokes (JSON text), consents (numbers), drawn_at (ms), read_seconds.
export async function keepSignature(memorandum, role, drawn) {
  const facts = await get("facts", "table");
  const pair = await get("facts", "device");
  const key = crypto.randomUUID();
  const label = { key, code: memorandum.code, role };
  const { revision, content_sha256 } = memorandum;
  const sealed = await seal({ ...label, revision, content_sha256, ...drawn }, key, facts.key);
  const body = JSON.stringify({ ...label, ...sealed });
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    pair.privateKey,
    text.encode(body),
  );
  const packet = { ...label, at: Date.now(), body, signature: base64(signature) };
  await put("packets", key, packet);
}

// In the order of signing, so that the witness's comes last. Returns how many have left.
export async function deliver(url) {
  const packets = (await all("packets")).sort((one, other) => one.at - other.at);
  let gone = 0;
  for (const { key, body, signature, state } of packets) {
    if (state === "refused") continue;
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ body, signature }),
    });
    if (answer.ok) {
      await remove("packets", key);
      gone += 1;
    } else if (answer.status === 422 || answer.status === 409) {
      await put("packets", key, { ...(await get("packets", key)), state: "refused" });
    } else break;
  }
  return gone;
}
