// The queue: how the quotas would stand with the ticked applications, and one tick for a whole page.
// Without this script the preview says the same before anything is decided.

const queue = document.getElementById("queue");
const ACCEPTED = ["eligible", "placed", "waiting_list"];

function chosen() {
  return [...queue.querySelectorAll("input[name=application]:checked")];
}

function show() {
  const boxes = chosen();
  for (const row of queue.querySelectorAll("[data-standing]")) {
    const { trait, value, approved, minimum, maximum } = row.dataset;
    const added = boxes
      .filter((box) => (!trait || box.dataset[trait] === value) && !ACCEPTED.includes(box.dataset.state))
      .reduce((sum, box) => sum + Number(box.dataset.booths), 0);
    const after = Number(approved) + added;
    const words = row.querySelector("output");
    words.hidden = boxes.length === 0;
    words.textContent = words.dataset.words.replace("{number}", after);
    row.classList.toggle("bad", maximum !== undefined && after > Number(maximum));
    row.classList.toggle("wait", minimum !== undefined && after < Number(minimum));
  }
}

if (queue) {
  const all = queue.querySelector("[data-all]");
  if (all) {
    all.hidden = false;
    queue.querySelector("[data-without-all]").hidden = true;
    all.querySelector("input").addEventListener("change", (event) => {
      for (const box of queue.querySelectorAll("input[name=application]")) box.checked = event.target.checked;
      show();
    });
  }
  queue.addEventListener("change", show);
  show();
}
