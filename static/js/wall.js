// The big screen asks every two seconds what has changed; a network that is away is waited for.
const figures = document.getElementById("figures");
let shown = "";

async function refresh() {
  try {
    const answer = await fetch(figures.dataset.url, { cache: "no-store" });
    const text = answer.ok ? await answer.text() : shown;
    if (text && text !== shown) {
      const part = new DOMParser().parseFromString(text, "text/html");
      if (shown || figures.innerHTML.trim() !== part.body.innerHTML.trim())
        figures.replaceChildren(...part.body.childNodes);
      shown = text;
    }
  } catch {
    // No network: the next turn tries again.
  }
  setTimeout(refresh, 2000);
}

setTimeout(refresh, 2000);
