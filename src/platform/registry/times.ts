/** Gives a later time with every call, so that the order of creation shows: `2026-11-21T12:19:09.217238`, UTC. */
export function createTimes(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(now() * 1000));
    const micros = String(last % 1_000_000).padStart(6, '0');
    return `${new Date(Math.floor(last / 1000)).toISOString().slice(0, 19)}.${micros}`;
  };
}
