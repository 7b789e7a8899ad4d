import { get } from 'node:http';

/** Says whether a process can be used; a rejection means no as well. */
export type Probe = (signal: AbortSignal) => Promise<boolean>;

/** Ready when there is an answer at `url` that is no failure of the server's: a path that it does not know is enough. */
export function httpProbe(url: string): Probe {
  return (signal) =>
    new Promise((resolve, reject) => {
      const request = get(url, { signal, agent: false }, (reply) => {
        reply.resume();
        resolve((reply.statusCode ?? 500) < 500);
      });
      request.once('error', reject);
    });
}
