import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { JsonObject } from '../../protocol/index.js';
import { readRecording } from '../../transport/index.js';
import { answerFrom } from './answers.js';
import type { EmbeddedReply } from './answers.js';
import { handle, reply } from './handle.js';
import type { Upstream } from './index.js';

function locate(file: string, roots: readonly string[]): string {
  const candidates = path.isAbsolute(file) ? [file] : roots.map((root) => path.resolve(root, file));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw errors.recordingNotFound(file, roots);
  return found;
}

/** Starts the provider on a free loopback port. It never keeps the process alive. */
export async function startEmbedded(file: string, roots: readonly string[]): Promise<Upstream> {
  const location = locate(file, roots);
  const answers = answerFrom(await readRecording(location), path.basename(location));
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    handle(req, res, answers);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    offline: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** A request's path and its body to what the embedded provider answers. */
export type RecordedAnswers = (url: string, body: JsonObject) => EmbeddedReply;

/** The answers of a recording, without a provider around them. Throws NgError for a file that is none. */
export async function recordedAnswers(file: string): Promise<RecordedAnswers> {
  const answers = answerFrom(await readRecording(file), path.basename(file));
  return (url, body) => reply(url, JSON.stringify(body), answers);
}
