import { get } from 'node:http';

/** Says whether a process can be used; a rejection means no as well. */
export type Probe = (signal: AbortSignal) => Promise<boolean>;

/**
 * Ready when there is a good answer at `url`: by default one that is no failure of the server's, so that a path that it
 * does not know is enough.
 */
export function httpProbe(url: string, good: (status: number) => boolean = (status) => status < 500): Probe {
  return (signal) =>
    new Promise((resolve, reject) => {
      const request = get(url, { signal, agent: false }, (reply) => {
        reply.resume();
        resolve(good(reply.statusCode ?? 500));
      });
      request.once('error', reject);
    });
}
