import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for something that happens while `running` runs. When that has ended first, it never will: the test fails at
 * once and says so, where it would otherwise wait for its time limit.
 */
export async function until(condition: () => boolean, running?: Promise<unknown>): Promise<void> {
  let ended = false;
  const end = (): void => void (ended = true);
  running?.then(end, end);
  while (!condition()) {
    if (ended) throw new Error('what was waited for had not happened when the run ended');
    await sleep(5);
  }
}
