import { createServer } from 'node:net';

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

/** So many ports that nobody listens on, all different. They are free when this resolves, and nobody keeps them so. */
export async function freePorts(host: string, count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => bind(host, 0)));
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
