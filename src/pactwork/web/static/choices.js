// Choices: compared as a job that outlives a reload; the last one is shown.
import { ask, fill, keepInAddress, make, say, showProblems } from "./app.js";
import { followJob } from "./jobs.js";

const form = document.getElementById("compare"), place = document.getElementById("job"), shown = document.getElementById("shown"), told = document.getElementById("told");

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.name === "size") for (const name of ["futures", "replications"]) form.elements[name].value = event.target.dataset[name];
    else for (const one of form.querySelectorAll("[name=size]")) one.checked = ["futures", "replications"].every((name) => one.dataset[name] === form.elements[name].value);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.replaceChildren();
    const body = Object.fromEntries(["futures", "replications", "seed"].map((name) => [name, Number(form.elements[name].value)]));
    body.scenario = form.elements.scenario?.value || "";
    try {
      const job = await ask("/api/choices", { method: "POST", body });
      keepInAddress({ job: job.id });
      follow(job.id);
    } catch (error) { told.replaceChildren(showProblems(error.problems || [])); }
  });
  if (place.dataset.job) follow(place.dataset.job);
}

function follow(id) {
  let filled = false;
  followJob(place, id, { describe, turned: async (job) => {
    if (job.state !== "done") {
      shown.replaceChildren(...(job.state === "running" ? [make("p", { class: "note" }, "The comparison appears here once all choices are played.")] : []));
      return;
    }
    if (filled) return;  // the server was away, and is back
    filled = await fill(shown, `/part/choices/${id}`);
    if (!filled) return;
    say("The choices are compared");
    if (location.hash) document.querySelector(`#${CSS.escape(location.hash.slice(1))}`)?.scrollIntoView();
  } });
}

/** What a comparison was asked with, in words. */
function describe({ futures, replications, seed, scenario }) {
  const title = [...(form.elements.scenario?.options || [])].find((one) => one.value === (scenario || ""))?.textContent;
  const assumed = scenario ? title || scenario : "the case’s own";
  return `${futures} futures × ${replications} plays, seed ${seed}, assumptions: ${assumed}`;
}
