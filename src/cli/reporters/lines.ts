import type { Progress } from '../../index.js';
import type { Output } from '../host.js';
import type { Display } from './display.js';
import { countText, done, eventText, figures, startText } from './format.js';

const EVERY_MS = 30_000;
const EVERY_SHARE = 0.05;

/** Progress where there is no terminal: one line per 30 seconds or 5 % of the plan, whichever comes first. */
export function lineDisplay(stderr: Output): Display {
  const say = (message: string): void => void stderr.write(`${message}\n`);
  let nextAt = EVERY_MS;
  let nextStep = 1;
  const progress = (now: Progress): void => {
    const share = now.planned === 0 ? 1 : done(now) / now.planned;
    const step = Math.floor(share / EVERY_SHARE + 1e-9);
    if (now.elapsedMs < nextAt && step < nextStep) return;
    nextAt = now.elapsedMs + EVERY_MS;
    nextStep = step + 1;
    const percent = now.planning ? '' : ` (${Math.floor(share * 100)} %)`;
    say(`${countText(now)}${percent} · ${figures(now)}`);
  };
  return {
    report: (event) => {
      const text = eventText(event);
      if (text !== undefined) say(text);
      else if (event.type === 'start') {
        nextStep = Math.floor(event.alreadyDone / Math.max(1, event.planned) / EVERY_SHARE + 1e-9) + 1;
        say(startText(event));
      } else if (event.type === 'progress') progress(event.progress);
    },
    say,
    close: () => undefined,
  };
}
