// A job on the page: how far it is, what is left, how to stop it and to go on with it; it outlives a reload and a restart.
import { ask, make, say, showProblems } from "./app.js";

const SOON_MS = 700, AWAY_MS = 3000, MOST_MISSED = 2;
const AWAY = "The server does not answer; it is asked again.";
const WORDS = { running: "Under way", done: "Done", failed: "Failed", cancelled: "Cancelled", interrupted: "Interrupted when the server stopped" };

function spellSeconds(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s left in this stage`;
  return `about ${Math.round(seconds / 60)} min left in this stage`;
}

/**
 * Show a job in a place and follow it until it is over; where the server is away that is said, and it is asked again.
 * @param {Element} place
 * @param {string} id
 * @param {object} told
 * @param {(parameters: object) => string} told.describe what was asked, in words
 * @param {(job: object) => void} told.turned called at first and whenever the job's state is another one
 */
export function followJob(place, id, { describe, turned }) {
  let stopped = false, last = "", missed = 0;
  const bar = make("progress", { max: 1, "aria-label": "progress of the stage" });
  const stage = make("span", {}), left = make("span", { class: "aside" }), state = make("b", {});
  const again = make("p", { class: "aside" }, "The server was started again meanwhile; the job goes on with what it had played.");
  const buttons = make("span", { class: "row" });
  const told = make("div", {}), asked = make("p", { class: "aside asked" });
  const box = make("div", { class: "job", "data-job": id }, make("p", {}, state, " ", stage), asked, bar, again, make("p", { class: "row" }, left, buttons), told);
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
    asked.textContent = describe(job.parameters);
    if (job.state !== last) {
      last = job.state;
      buttons.replaceChildren();
      told.replaceChildren(...(job.problems.length ? [showProblems(job.problems)] : []));
      if (job.state === "running") buttons.append(act("Cancel", `/api/jobs/${id}/cancel`));
      else if (job.state !== "done") buttons.append(act(job.state === "failed" ? "Start again" : "Go on", `/api/jobs/${id}/restart`));
      if (job.state !== "running") buttons.append(act("Forget", `/api/jobs/${id}`, "DELETE"));
      say(`${job.title}: ${WORDS[job.state]}`);
      turned(job);
    }
  }

  /** Whatever is shown may have changed since: nothing of it is kept but what was asked. */
  function showAway() {
    state.textContent = AWAY;
    stage.textContent = left.textContent = last = "";
    bar.hidden = again.hidden = true;
    buttons.replaceChildren();
    told.replaceChildren();
    say(AWAY);
  }

  let timer;
  async function look() {
    if (stopped || !box.isConnected) return;
    try {
      const job = await ask(`/api/jobs/${id}`);
      if (stopped) return;
      missed = 0;
      show(job);
      if (job.state !== "running") return;
    } catch (error) {
      if (error.status === 404) { box.remove(); return; }
      missed += 1;
      if (missed === MOST_MISSED) showAway();
    }
    timer = setTimeout(look, missed < MOST_MISSED ? SOON_MS : AWAY_MS);
  }
  look();
  return () => { stopped = true; };
}
