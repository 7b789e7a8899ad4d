import { MultiBar, type SingleBar } from 'cli-progress';
import type { Output } from '../host.js';
import type { Display } from './display.js';
import { done, figures, noticeText, startText } from './format.js';

const WIDTH = 24;

/** Progress on a terminal: one line that is redrawn, notices above it. */
export function barDisplay(stderr: Output & NodeJS.WritableStream): Display {
  let bars: MultiBar | undefined;
  let bar: SingleBar | undefined;
  const say = (message: string): void => {
    // The library ends a log entry only when the line is ended here.
    if (bars === undefined) stderr.write(`${message}\n`);
    else bars.log(`${message}\n`);
  };
  const close = (): void => {
    bars?.stop();
    bars = undefined;
  };
  const start = (planned: number, alreadyDone: number): void => {
    bars = new MultiBar({
      stream: stderr,
      fps: 8,
      barsize: WIDTH,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      clearOnComplete: false,
      emptyOnZero: true,
      format: (options, params, payload: { figures?: string }) => {
        const filled = Math.round(params.progress * WIDTH);
        const drawn =
          (options.barCompleteString ?? '').slice(0, filled) +
          (options.barIncompleteString ?? '').slice(0, WIDTH - filled);
        const line = `${drawn} ${params.value}/${params.total} · ${payload.figures ?? 'starting'}`;
        return line.slice(0, Math.max(20, (stderr.columns ?? 100) - 1));
      },
    });
    bar = bars.create(planned, alreadyDone, {});
  };
  return {
    report: (event) => {
      if (event.type === 'notice') say(noticeText(event));
      else if (event.type === 'start') {
        say(startText(event));
        start(event.planned, event.alreadyDone);
      } else if (event.type === 'progress') {
        bar?.update(done(event.progress), { figures: figures(event.progress) });
      } else close();
    },
    say,
    close,
  };
}
