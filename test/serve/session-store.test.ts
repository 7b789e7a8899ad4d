import { describe, expect, it } from 'vitest';
import { SessionStore } from '../../src/serve/session/store.js';

function storeAt(clock: { now: number }) {
  const closed: string[] = [];
  const store = new SessionStore<string>({
    ttlMs: 1000,
    now: () => clock.now,
    close: (state) => {
      closed.push(state);
      return Promise.resolve();
    },
  });
  return { store, closed };
}

describe('sessions and time', () => {
  it('expire when nothing has touched them for the whole time, and are remembered as finished', async () => {
    const clock = { now: 0 };
    const { store, closed } = storeAt(clock);
    store.add('a', 'state');
    clock.now = 999;
    expect(await store.sweep()).toBe(0);
    clock.now = 1000;
    expect(await store.sweep()).toBe(1);
    expect([closed, store.size, store.find('a').kind, store.find('b').kind]).toEqual([
      ['state'],
      0,
      'finished',
      'unknown',
    ]);
  });

  it('never expire while they are in use, and live on for the whole time after it', async () => {
    const clock = { now: 0 };
    const { store, closed } = storeAt(clock);
    store.add('a', 'state');
    let finish: () => void = () => undefined;
    const using = store.use('a', () => new Promise<void>((resolve) => (finish = resolve)));
    clock.now = 50_000;
    expect(await store.sweep()).toBe(0);
    finish();
    await using;
    clock.now = 50_999;
    expect(await store.sweep()).toBe(0);
    clock.now = 51_000;
    expect(await store.sweep()).toBe(1);
    expect(closed).toEqual(['state']);
  });
});
