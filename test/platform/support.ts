import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import {
  startPlatform,
  type MasterKey,
  type Platform,
  type PlatformOptions,
} from '../../src/platform/index.js';
import { openDatabase, type Database } from '../../src/store/index.js';

export function masterKeyFor(key: Buffer): MasterKey {
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 12), key };
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any reply
  body: any;
}

export interface TestPlatform extends Platform {
  readonly database: Database;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Makes a provider and waits until its models are there. */
  addProvider(name: string, more: Record<string, unknown>): Promise<void>;
  end(): Promise<void>;
}

export const MODELS = '/apis/models/v2/workspaces/default';
export const SECRETS = '/apis/secrets/v2/workspaces/default/secrets';
export const GATEWAY = '/apis/inference-gateway/v2/workspaces/default';

/** A platform on a database in memory unless another is given, which stays open. */
export async function testPlatform(options: Partial<PlatformOptions> = {}): Promise<TestPlatform> {
  const database = options.database ?? (await openDatabase(':memory:'));
  const platform = await startPlatform({
    database,
    masterKeys: [masterKeyFor(randomBytes(32))],
    host: '127.0.0.1',
    port: 0,
    token: null,
    revision: 'test',
    ...options,
  });
  const ask: TestPlatform['ask'] = async (method, path, body, headers = {}) => {
    const reply = await fetch(platform.url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    let parsed: unknown = null;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not JSON: the text is there.
    }
    return { status: reply.status, headers: reply.headers, text, body: parsed };
  };
  return {
    ...platform,
    database,
    ask,
    async addProvider(name, more) {
      const made = await ask('POST', `${MODELS}/providers`, { name, ...more });
      expect(made.status, made.text).toBe(201);
      await platform.settle();
    },
    async end() {
      await platform.close(0);
      if (options.database === undefined) await database.close();
    },
  };
}

/** Waits until something is so. */
export async function until(held: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await held()) return;
    await pause(10);
  }
  throw new Error('it never came to be so');
}
