import { characters, plainJson, pythonEqual, strip, tryLoadsJson } from '../../../../python/index.js';
import { gold, NeedsLibrary } from '../entry.js';
import type { Scorer } from '../entry.js';

const length = (text: string): number => characters(text).length;

/** The same JSON, text around it costing half its length; how far other JSON is from it, the library alone can tell. */
export const codeio: Scorer = (answer, entry) => {
  const [given, wanted] = [strip(answer), strip(gold(entry))];
  if (answer === '') return 0;
  if (given === wanted) return 1;
  const [open, close] = [given.indexOf('{'), given.lastIndexOf('}')];
  if (open === -1 || close === -1) return 0;
  const around = length(given.slice(0, open)) + length(given.slice(close + 1));
  const most = Math.max(length(wanted) / (length(wanted) + 0.5 * around), 0.2);
  const [one, two] = [tryLoadsJson(given.slice(open, close + 1)), tryLoadsJson(wanted)];
  if (one === undefined || two === undefined) {
    return given.includes(wanted) ? length(wanted) / length(given) : 0;
  }
  if (pythonEqual(plainJson(one), plainJson(two))) return most;
  throw new NeedsLibrary('the distance between two trees of JSON');
};
