// Questions to the simulation: how they stand in a link, and how they are asked. The newest wins; what it comes to
// sharpens from 200 to 3,200 runs unless another question is asked before.
import { ask as request } from "./app.js";

export const SIZES = [200, 800, 3200];
export const asAssumed = (seed = 0) => ({ scenario: "", levers: {}, numbers: {}, closed: [], seed });
export const isSame = (one, other) => !!one && !!other && write(one) === write(other);

const pairs = (held) => Object.keys(held).sort().map((name) => (held[name] === null ? name : `${name}:${held[name]}`)).join(",");
function readPairs(text) {
  const found = {};
  for (const part of (text || "").split(",").filter(Boolean)) {
    const [name, value] = part.split(":");
    const number = value === undefined ? null : Number(value);
    if (number === null || Number.isFinite(number)) found[name] = number;
  }
  return found;
}

/** A question as one text; `read` gives it back. */
export function write(one) {
  return [one.scenario, pairs(one.levers), pairs(one.numbers), [...one.closed].sort().join(","), one.seed].join("~");
}
export function read(text) {
  const [scenario, levers, numbers, closed, seed] = (text || "").split("~");
  const numbered = readPairs(numbers);
  for (const name of Object.keys(numbered)) if (numbered[name] === null) delete numbered[name];
  return { scenario: scenario || "", levers: readPairs(levers), numbers: numbered, closed: (closed || "").split(",").filter(Boolean), seed: readSeed(seed) };
}
export function readSeed(text) {
  const seed = Number(text);
  return Number.isInteger(seed) && seed >= 0 && seed <= 2147483647 ? seed : 0;
}

/** The names a question has in an address. */
export function inAddress(one, pinned) {
  return { scenario: one.scenario, levers: pairs(one.levers), set: pairs(one.numbers), seed: one.seed || null, pin: pinned ? write(pinned) : null };
}
export function fromAddress(query) {
  const one = read([query.get("scenario") || "", query.get("levers") || "", query.get("set") || "", "", query.get("seed") || "0"].join("~"));
  return { asked: one, pinned: query.get("pin") === null ? null : read(query.get("pin")) };
}

const PAGE = Math.random().toString(36).slice(2, 12);

/**
 * Plays the newest question.
 * @param {{answered: Function, waiting: Function, failed: Function}} told answered(told, size) at each size; waiting(told) while
 *   the simulation gets ready; failed(error)
 */
export class Player {
  #number = Date.now();
  #stop = null;

  constructor(told, sizes = SIZES) { this.told = told; this.sizes = sizes; }

  get number() { return this.#number; }

  async play(asked, pinned = null) {
    const number = ++this.#number;
    this.#stop?.abort();
    const stop = this.#stop = new AbortController();
    try {
      for (const size of this.sizes) {
        const told = await this.#ask({ ask: asked, pinned, size, page: PAGE, number }, stop.signal);
        if (number !== this.#number || !told || told.state === "superseded") return;
        this.told.answered(told, size, number);
      }
    } catch (error) {
      if (error.name !== "AbortError" && number === this.#number) this.told.failed(error);
    }
  }

  /** Ask no further: what is still on its way is not told. */
  stop() {
    this.#number += 1;
    this.#stop?.abort();
  }

  /** Ask, and again while the simulation gets ready or too many wait. */
  async #ask(body, signal) {
    for (;;) {
      let told;
      try {
        told = await request("/api/what-if/play", { method: "POST", body, signal });
      } catch (error) {
        if (error.status !== 429) throw error;
      }
      if (told && told.state !== "getting ready") return told;
      if (signal.aborted) return null;
      if (told) this.told.waiting(told);
      await new Promise((done) => setTimeout(done, told ? 400 : 900));
    }
  }
}
