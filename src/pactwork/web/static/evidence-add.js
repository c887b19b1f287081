// A row that is added: checked by the case's own rules, each problem beside its field; a file that changed is told.
import { ask, leave, make, say, showProblems } from "./app.js";

const form = document.getElementById("row");
const told = document.getElementById("told");
document.getElementById("choose").elements.table.addEventListener("change", (event) => event.target.form.submit());

function clear() {
  told.replaceChildren();
  for (const one of form.querySelectorAll(".wrong")) one.remove();
  for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

function spell(one) {
  if (one.found === "nothing" && one.expected === "a value") return "This is needed.";
  const fix = one.fix.charAt(0).toUpperCase() + one.fix.slice(1).replace(/\.$/, "");
  return `Found ${one.found}; expected ${one.expected}. ${fix}.`;
}

function place(problems) {
  const rest = [];
  for (const one of problems) {
    const column = one.where.split(" ").pop();
    const field = one.where.includes(" ") && form.querySelector(`.field[data-column="${CSS.escape(column)}"]`);
    if (!field) { rest.push(one); continue; }
    field.querySelector("input, select").setAttribute("aria-invalid", "true");
    field.append(make("p", { class: "wrong" }, spell(one)));
  }
  if (rest.length) told.replaceChildren(showProblems(rest));
  const first = form.querySelector("[aria-invalid]");
  if (first) first.focus();
  say(`${problems.length} to mend`);
}

async function send(onlyCheck) {
  clear();
  const cells = {};
  for (const field of form.querySelectorAll(".field input, .field select")) if (field.value.trim()) cells[field.name] = field.value;
  try {
    const answer = await ask(`/api/evidence/tables/${encodeURIComponent(form.dataset.table)}/rows`, {
      method: "POST", body: { cells, digest: form.dataset.digest, only_check: onlyCheck },
    });
    if (onlyCheck) { told.replaceChildren(make("p", { class: "good" }, `Nothing is wrong with it. It would stand at ${answer.id}.`)); return; }
    leave(`/evidence?row=${encodeURIComponent(answer.id)}`);
  } catch (error) {
    if (error.status === 409) told.replaceChildren(showProblems(error.problems), make("p", {}, make("a", { href: location.href }, "Begin again with the file as it is now")));
    else if (error.status === 403) told.replaceChildren(showProblems(error.problems));
    else place(error.problems || []);
  }
}
document.getElementById("check").addEventListener("click", () => send(true));
form.addEventListener("submit", (event) => { event.preventDefault(); send(false); });
