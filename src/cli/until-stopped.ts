import type { Host } from './host.js';
import { survivesHangUp } from './signals.js';

/** Ctrl-C or SIGTERM: the first drains, the second does not wait. */
export function untilStopped(host: Host, say: (message: string) => void) {
  let [toFirst, toSecond] = [(): void => undefined, (): void => undefined];
  const first = new Promise<void>((resolve) => (toFirst = resolve));
  const second = new Promise<void>((resolve) => (toSecond = resolve));
  let count = 0;
  const onSignal = (): void => {
    count += 1;
    if (count === 1) say('stopping: finishing requests in flight; Ctrl-C again to stop at once');
    (count === 1 ? toFirst : toSecond)();
  };
  const onHangUp = (): void => {
    if (!survivesHangUp(host) && count === 0) onSignal();
  };
  const off = [
    host.onSignal('SIGINT', onSignal),
    host.onSignal('SIGTERM', onSignal),
    host.onSignal('SIGHUP', onHangUp),
  ];
  return { first, second, release: () => off.forEach((stop) => stop()) };
}
