// Brief: made as a job that outlives a reload; shown in a frame that runs nothing; taken away as files.
import { ask, keepInAddress, make, say, showProblems } from "./app.js";
import { followJob } from "./jobs.js";

const form = document.getElementById("make");
const place = document.getElementById("job");
const shown = document.getElementById("shown");
const told = document.getElementById("told");
const KINDS = { "brief.html": "Page", "brief.pdf": "PDF", "brief.docx": "Word", "brief.json": "JSON", "brief.zip": "Everything, with charts and data" };

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  told.replaceChildren();
  const body = { effort: form.elements.effort.value, minutes: Number(form.elements.minutes.value), seed: Number(form.elements.seed.value) };
  try {
    const job = await ask("/api/brief", { method: "POST", body });
    keepInAddress({ job: job.id });
    follow(job.id);
  } catch (error) { told.replaceChildren(showProblems(error.problems || [])); }
});

function follow(id) {
  followJob(place, id, { describe, turned: (job) => {
    if (job.state !== "done") {
      shown.replaceChildren(...(job.state === "running" ? [make("p", { class: "note" }, "The brief appears here once it is made.")] : []));
      return;
    }
    const base = `/api/jobs/${id}/files/`;
    const files = Object.keys(KINDS).filter((name) => job.files.includes(name));
    const links = files.map((name) => make("a", { class: "button", href: `${base}${name}?download=true`, download: name }, KINDS[name]));
    shown.replaceChildren(
      make("p", { class: "row-buttons" }, ...links, make("a", { href: `${base}brief.html`, target: "_blank", rel: "noopener" }, "Open on its own")),
      make("iframe", { src: `${base}brief.html`, sandbox: "allow-popups allow-popups-to-escape-sandbox allow-downloads", title: "The brief", class: "preview" }),
    );
    say("The brief is made");
  } });
}

/** What a brief was asked with, in words. */
function describe({ effort, minutes, seed }) {
  const title = form.querySelector(`[name=effort][value="${CSS.escape(effort)}"]`)?.closest("label").querySelector("b").textContent || effort;
  return `${title}${effort === "thorough" ? `, about ${minutes} minutes` : ""}, seed ${seed}`;
}
place.addEventListener("forgotten", () => location.assign("/brief"));
if (place.dataset.job) follow(place.dataset.job);
