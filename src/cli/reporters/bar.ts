import { MultiBar, type SingleBar } from 'cli-progress';
import type { Output } from '../host.js';
import type { Display } from './display.js';
import { done, eventText, layout, startText, wrap } from './format.js';
import type { Progress } from '../../index.js';

/** Progress on a terminal: one line that is redrawn, notices above it. */
export function barDisplay(stderr: Output & NodeJS.WritableStream): Display {
  let bars: MultiBar | undefined;
  let bar: SingleBar | undefined;
  const width = (): number => Math.max(20, (stderr.columns ?? 100) - 1);
  const say = (message: string): void => {
    // The terminal does not wrap lines while the bar is drawn.
    if (bars === undefined) stderr.write(`${message}\n`);
    else bars.log(`${wrap(message, width()).join('\n')}\n`);
  };
  const close = (): void => {
    process.off('exit', close);
    // What was said last is written with the next drawing.
    bars?.update();
    bars?.stop();
    bars = undefined;
  };
  const start = (planned: number, alreadyDone: number): void => {
    bars = new MultiBar({
      stream: stderr,
      fps: 8,
      // Ctrl-C begins the end of a run, and the bar is needed until then.
      gracefulExit: false,
      clearOnComplete: false,
      emptyOnZero: true,
      format: (_options, params, { progress }: { progress?: Progress }) =>
        progress === undefined ? `${params.value}/${params.total} · starting` : layout(progress, width()),
    });
    bar = bars.create(planned, alreadyDone, {});
    process.once('exit', close);
  };
  return {
    report: (event) => {
      const text = eventText(event);
      if (text !== undefined) say(text);
      else if (event.type === 'start') {
        say(startText(event));
        start(event.planned, event.alreadyDone);
      } else if (event.type === 'progress') {
        bar?.update(done(event.progress), { progress: event.progress });
      } else close();
    },
    say,
    close,
  };
}
