// The tablet makes its own key, which never leaves it; without one it signs online only.
import { newKey } from "./table-packets.js";

const form = document.getElementById("enrolment");
form?.addEventListener("submit", async (event) => {
  const field = form.elements.public_key;
  if (field.value || !window.crypto?.subtle || !window.indexedDB) return;
  event.preventDefault();
  try {
    field.value = await newKey();
  } catch {
    field.remove();
  }
  form.submit();
});
