// A button that copies what stands in a field. Without JavaScript the field can be copied by hand.

async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Not over https, or not allowed: the old way asks nobody.
    document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(document.getElementById(button.dataset.copy));
    document.querySelector("[data-copy-status]").textContent = button.dataset.copied;
  });
}
