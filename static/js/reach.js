// Before a form of the desk leaves the page: is the server there? Where it is not, a sentence says so,
// the page stays with all that was typed, and the same button sends it again. Without this script a form
// goes out at once, and the browser says that the server was not there.

const unreachable = document.querySelector("#unreachable");
const SECONDS = 8; // then nobody waits any longer

/** Resolves once the server has answered; throws where it does not, or not well. */
export async function reach() {
  const limit = AbortSignal.timeout(SECONDS * 1000);
  const answer = await fetch(unreachable.dataset.probe, { method: "HEAD", cache: "no-store", signal: limit });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
}

/** Say before `place` that nothing was sent, once. */
export function tell(place) {
  document.querySelector(".unreachable")?.remove();
  place.before(unreachable.content.cloneNode(true));
  const notice = document.querySelector(".unreachable");
  notice.scrollIntoView({ block: "nearest" });
}

// First of all who listen: what asks for a confirmation or sends by itself hears of it only then.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (form.method === "get" || form.dataset.reached) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    try {
      await reach();
    } catch {
      tell(form);
      return;
    }
    document.querySelector(".unreachable")?.remove();
    form.dataset.reached = "yes";
    form.requestSubmit(button);
    delete form.dataset.reached;
  },
  { capture: true },
);
