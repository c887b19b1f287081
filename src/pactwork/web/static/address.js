// What of an address could not be used stands above the view, told by the server or by the view itself, until
// something is changed: then it speaks of an address that is no longer shown.
import { showProblems } from "./app.js";

const place = document.getElementById("unused");

/** Say what of the address could not be used: problems, whose `fix` says what is taken in its place. */
export function tellUnused(problems) {
  if (!problems.length) return;
  place.querySelector("ul").append(...showProblems(problems).children);
  place.hidden = false;
}

document.addEventListener("change", () => {
  place.hidden = true;
  place.querySelector("ul").replaceChildren();
});
