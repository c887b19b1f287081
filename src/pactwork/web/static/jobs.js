// A job on the page: how far it is, what is left, how to stop it and to go on with it; it outlives a reload and a restart.
import { ask, make, say, showProblems } from "./app.js";

const WORDS = { running: "Under way", done: "Done", failed: "Failed", cancelled: "Cancelled", interrupted: "Interrupted when the server stopped" };

function spellSeconds(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s left in this stage`;
  return `about ${Math.round(seconds / 60)} min left in this stage`;
}

/**
 * Show a job in a place and follow it until it is over.
 * @param {Element} place
 * @param {string} id
 * @param {(job: object) => void} over called once when the job is done
 */
export function followJob(place, id, over = () => {}) {
  let stopped = false, last = "";
  const bar = make("progress", { max: 1, "aria-label": "progress of the stage" });
  const stage = make("span", {}), left = make("span", { class: "aside" }), state = make("b", {});
  const again = make("p", { class: "aside" }, "The server was started again meanwhile; the job goes on with what it had played.");
  const buttons = make("span", { class: "row" });
  const told = make("div", {});
  const box = make("div", { class: "job", "data-job": id }, make("p", {}, state, " ", stage), bar, again, make("p", { class: "row" }, left, buttons), told);
  place.replaceChildren(box);

  const act = (words, path, method = "POST") => make("button", { type: "button", onclick: async (event) => {
    event.target.disabled = true;
    try { await ask(path, { method }); if (method === "DELETE") { stopped = true; box.remove(); say("Forgotten"); place.dispatchEvent(new CustomEvent("forgotten", { bubbles: true })); return; } } catch (error) { told.replaceChildren(showProblems(error.problems)); }
    clearTimeout(timer); look();
  } }, words);

  function show(job) {
    state.textContent = `${WORDS[job.state]}.`;
    stage.textContent = job.state === "running" ? (job.stage || "Starting") : job.state === "done" ? "" : job.title;
    again.hidden = job.state !== "running" || !job.resumed;
    bar.hidden = job.state !== "running";
    if (job.total > 0 && job.done > 0) bar.value = Math.min(1, job.done / job.total); else bar.removeAttribute("value");
    left.textContent = job.state === "running" ? spellSeconds(job.seconds_left) : "";
    const key = `${job.state}`;
    if (key !== last) {
      last = key;
      buttons.replaceChildren();
      told.replaceChildren(...(job.problems.length ? [showProblems(job.problems)] : []));
      if (job.state === "running") buttons.append(act("Cancel", `/api/jobs/${id}/cancel`));
      else if (job.state !== "done") buttons.append(act(job.state === "failed" ? "Start again" : "Go on", `/api/jobs/${id}/restart`));
      if (job.state !== "running") buttons.append(act("Forget", `/api/jobs/${id}`, "DELETE"));
      say(`${job.title}: ${WORDS[job.state]}`);
    }
  }

  let timer;
  async function look() {
    if (stopped || !box.isConnected) return;
    try {
      const job = await ask(`/api/jobs/${id}`);
      show(job);
      if (job.state === "done") { stopped = true; over(job); return; }
      if (job.state !== "running") return;
    } catch (error) {
      if (error.status === 404) { box.remove(); return; }
    }
    timer = setTimeout(look, 700);
  }
  look();
  return () => { stopped = true; };
}
