// Evidence: filters answer at once and stand in the address; a row opens beside the list, or over it on a phone.
import { fill, keepInAddress, say, settle } from "./app.js";

const form = document.getElementById("filters");
const rows = document.getElementById("rows");
const detail = document.getElementById("detail");
const hint = document.getElementById("hint");
const NAMES = ["q", "table", "system", "source", "grade", "only", "sort"];
let opener = null;

function state(page) {
  const given = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
  if (given.sort === "filed") given.sort = "";
  return { ...given, page: page > 1 ? page : "" };
}

async function search(page = 1) {
  const address = keepInAddress(state(page));
  const query = new URLSearchParams(address.search);
  query.delete("row");
  if (await fill(rows, `/part/evidence/rows?${query}`)) {
    mark();
    say(rows.querySelector("#tally")?.textContent || "");
  }
}
const soon = settle(180, () => search());
form.addEventListener("input", soon);
form.addEventListener("submit", (event) => { event.preventDefault(); search(); });

rows.addEventListener("click", (event) => {
  const button = event.target.closest("[data-page]");
  if (button) { search(Number(button.dataset.page)).then(() => { rows.scrollIntoView(); rows.querySelector("a")?.focus({ preventScroll: true }); }); }
});

function mark() {
  const id = detail.dataset.row;
  for (const row of rows.querySelectorAll("tr[data-id]")) row.toggleAttribute("data-chosen", row.dataset.id === id);
}

async function open(id, { focus = true, push = true } = {}) {
  detail.dataset.row = id;
  if (push) keepInAddress({ row: id }, { push: true });
  hint.hidden = Boolean(id);
  detail.hidden = !id;
  mark();
  if (!id) { detail.replaceChildren(); return; }
  if (await fill(detail, `/part/evidence/row?id=${encodeURIComponent(id)}`) && focus) detail.focus({ preventScroll: false });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    if (!detail.contains(link)) opener = link.dataset.open;
    open(link.dataset.open);
  }
  if (event.target.closest("[data-close]")) close();
});
function close() {
  open("");
  (rows.querySelector(`a[data-open="${CSS.escape(opener || "")}"]`) || form.elements.q).focus();
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !detail.hidden) close(); });

addEventListener("popstate", () => {
  const given = new URLSearchParams(location.search);
  for (const name of NAMES) form.elements[name].value = given.get(name) || (name === "sort" ? "filed" : "");
  open(given.get("row") || "", { push: false, focus: false });
  const query = new URLSearchParams(given);
  query.delete("row");
  fill(rows, `/part/evidence/rows?${query}`).then(mark);
});

// What could not be used is told above; the address says what is shown.
if (!document.getElementById("unused").hidden) keepInAddress({ ...state(Number(rows.querySelector("#tally").dataset.page)), row: detail.dataset.row });
if (detail.dataset.row) open(detail.dataset.row, { focus: false, push: false });
