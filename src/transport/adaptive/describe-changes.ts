import type { Notify } from '../notices.js';
import type { Change } from './types.js';

/** Small corrections are only in the log: a decrease is told when it takes off a quarter of what was told last. */
const WORTH_TELLING = 0.75;

/** Tells of the first decrease, of every further large one, and of a pace that was learnt. */
export function describeChanges(notify: Notify, name: string): (change: Change) => void {
  let told = Infinity;
  let paced = false;
  return ({ from, to, rate, reason }) => {
    if (to > from) {
      if (told !== Infinity) told = Math.max(told, to);
      return;
    }
    const news =
      (rate !== null && !paced) || (to < from && (told === Infinity || to <= told * WORTH_TELLING));
    if (!news) return;
    told = to;
    paced = rate !== null;
    const pace = rate === null ? '' : `, at most ${rate.toFixed(rate < 10 ? 1 : 0)} a second`;
    notify({ level: 'info', message: `${name}: now ${to} requests at a time${pace} (${reason})` });
  };
}
