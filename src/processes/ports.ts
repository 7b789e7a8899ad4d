import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Ports to choose from, both ends included. */
export interface PortRange {
  low: number;
  high: number;
}

/**
 * Below those that systems give to outgoing connections: a process that takes seconds to start finds its port still
 * free. The reference's own range.
 */
const RANGE: PortRange = { low: 10_001, high: 20_000 };
const TRIES = 200;

function bind(host: string, port: number): Promise<{ port: number; release: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const release = (): Promise<void> => new Promise((done) => server.close(() => done()));
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port, release });
    });
  });
}

function isTaken(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** A port that nobody listens on, held until it is released; any port at all where the range is used up. */
async function hold(host: string, { low, high }: PortRange): ReturnType<typeof bind> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return await bind(host, randomInt(low, high + 1));
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  return bind(host, 0);
}

/** So many ports that nobody listens on, all different. They are free when this resolves, and nobody keeps them so. */
export async function freePorts(
  host: string,
  count: number,
  range: Partial<PortRange> = {},
): Promise<number[]> {
  const held: Awaited<ReturnType<typeof bind>>[] = [];
  for (let n = 0; n < count; n++) held.push(await hold(host, { ...RANGE, ...range }));
  await Promise.all(held.map(({ release }) => release()));
  return held.map(({ port }) => port);
}

/** Whether somebody else listens there: what answers on it would not be ours. */
export async function isPortBusy(host: string, port: number): Promise<boolean> {
  try {
    await (await bind(host, port)).release();
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
    throw error;
  }
}
