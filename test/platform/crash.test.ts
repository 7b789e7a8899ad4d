import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/index.js';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { FULL } from '../support/full.js';

const KILLS = FULL ? 200 : 6;

const home = mkdtempSync(path.join(tmpdir(), 'ngym-crash-'));
beforeAll(() => ensureBuilt());
const started: ChildProcess[] = [];
afterAll(() => {
  // Also when the test failed in the middle.
  for (const child of started) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

async function startPlatform(): Promise<{ child: ChildProcess; url: string }> {
  const bin = path.join(REPOSITORY, 'bin', 'ng.js');
  const child = spawn(process.execPath, [bin, 'platform', 'start', '--port', '0', '--json'], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve((JSON.parse(text) as { url: string }).url);
    });
    child.once('close', () => reject(new Error('it ended at once')));
  });
  return { child, url };
}

/** Makes and changes things until nobody answers; tells which of them were acknowledged. */
async function write(url: string, round: number, acknowledged: Map<string, string>): Promise<void> {
  const send = async (method: string, at: string, body: object): Promise<boolean> => {
    const reply = await fetch(url + at, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return reply.ok;
  };
  const secrets = '/apis/secrets/v2/workspaces/default/secrets';
  for (let n = 0; ; n += 1) {
    const name = `s-${round}-${n}`;
    try {
      if (await send('POST', secrets, { name, value: `first-${name}` }))
        acknowledged.set(name, `first-${name}`);
      if (await send('PATCH', `${secrets}/${name}`, { value: `second-${name}` }))
        acknowledged.set(name, `second-${name}`);
    } catch {
      return;
    }
  }
}

describe('a platform that is killed while it writes', () => {
  it(`keeps everything that it acknowledged, whole, ${KILLS} times`, async () => {
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < KILLS; round += 1) {
      const { child, url } = await startPlatform();
      const writing = [0, 1, 2].map((writer) => write(url, round * 3 + writer, acknowledged));
      // In the middle of the writes that follow.
      const enough = acknowledged.size + 2 + (round % 5);
      while (acknowledged.size < enough) await pause(2);
      await pause((round * 7) % 20);
      child.kill('SIGKILL');
      await Promise.all(writing);
    }
    const { child, url } = await startPlatform();
    for (const [name, value] of acknowledged) {
      const reply = await fetch(`${url}/apis/secrets/v2/workspaces/default/secrets/${name}/access`);
      const { value: kept } = (await reply.json()) as { value: string };
      // The change may have been kept although its acknowledgement was lost.
      expect([value, value.replace('first-', 'second-')], name).toContain(kept);
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    child.kill('SIGKILL');
    const database = await openDatabase(path.join(home, '.local/share/ngym/platform.db'));
    expect(await database.all('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    await database.close();
  }, 600_000);
});
