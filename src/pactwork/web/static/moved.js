// What a move comes to in one sentence: how many figures differ by more than chance could make, and by how much.
import { spellSigned } from "./fans.js";

const LITTLE = 0.01, MOST = 3;

/**
 * A sentence about a difference, run by run with the same luck; the largest differences, each beside its figure, first.
 * @param {object} answer what was played
 * @param {object} difference from the question beside it
 * @param {string} beside what that is, in words
 */
export function spellMoved(answer, difference, beside) {
  const some = answer.figures.map((one) => ({ one, gap: difference.figures[one.key] })).filter(({ gap }) => gap && gap.mean !== null);
  const runs = `${answer.stamp.runs.toLocaleString("en")} runs`, lead = `Beside ${beside}, run by run with the same luck,`;
  if (some.every(({ gap }) => gap.same)) return `${lead} no figure differs in any of ${runs}: what was moved has no part in what is shown.`;
  const share = ({ one, gap }) => Math.abs(gap.mean) / Math.max(Math.abs(one.mean), Math.abs(one.mean - gap.mean), 1e-9);
  const clear = some.filter(({ gap }) => gap.clear).sort((first, second) => share(second) - share(first));
  if (!clear.length) return `${lead} no figure differs by more than chance could make over ${runs}: what was moved hardly matters to what is shown.`;
  const told = clear.slice(0, MOST).map(({ one, gap }) => `${one.label} ${spellSigned(gap.mean)} ${one.unit === "%" ? "points" : one.unit}`).join("; ");
  const more = clear.length > MOST ? ` and ${clear.length - MOST} more` : "";
  const little = share(clear[0]) < LITTLE ? " Each by less than one per cent of itself." : "";
  return `${lead} ${clear.length} of ${some.length} figures ${clear.length === 1 ? "differs" : "differ"} by more than chance could make over ${runs}: ${told}${more}.${little}`;
}
