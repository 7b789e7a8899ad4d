import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readMasterKeys } from '../../src/platform/index.js';
import { openDatabase } from '../../src/store/index.js';
import { masterKeyFor, SECRETS, testPlatform, type TestPlatform } from './support.js';

const folder = mkdtempSync(path.join(tmpdir(), 'ngym-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const VALUE = 'sk-0123456789-très-secret';

async function onFile(file: string, keys: Buffer[]): Promise<TestPlatform> {
  const database = await openDatabase(file);
  ends.push(() => database.close());
  const platform = await testPlatform({ database, masterKeys: keys.map(masterKeyFor), discovery: false });
  ends.push(() => platform.end());
  return platform;
}

async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

describe('secrets', () => {
  it('are nowhere in the database as they are, and are there after a restart', async () => {
    const [file, key] = [path.join(folder, 'a.db'), randomBytes(32)];
    const first = await onFile(file, [key]);
    expect((await first.ask('POST', SECRETS, { name: 'one', value: VALUE, description: 'd' })).status).toBe(
      201,
    );
    await endAll();
    const bytes = ['', '-wal'].map((end) => {
      try {
        return readFileSync(file + end).toString('latin1');
      } catch {
        return '';
      }
    });
    expect(bytes.join('')).toContain('one');
    for (const form of [
      VALUE,
      Buffer.from(VALUE).toString('latin1'),
      Buffer.from(VALUE).toString('base64'),
      key.toString('base64'),
    ]) {
      expect(bytes.join('')).not.toContain(form);
    }
    const second = await onFile(file, [key]);
    expect((await second.ask('GET', `${SECRETS}/one/access`)).body).toEqual({
      name: 'one',
      workspace: 'default',
      value: VALUE,
    });
    const seen = [await second.ask('GET', SECRETS), await second.ask('GET', `${SECRETS}/one`)];
    expect(seen.map(({ text }) => text).join()).not.toContain(VALUE);
  });

  it('cannot be opened with another key, which is said at the start', async () => {
    const [file, key] = [path.join(folder, 'b.db'), randomBytes(32)];
    await (await onFile(file, [key])).ask('POST', SECRETS, { name: 'one', value: VALUE });
    await endAll();
    await expect(onFile(file, [randomBytes(32)])).rejects.toThrow(
      'sealed by another master key: "default/one"',
    );
  });

  it('go from one master key to the next, and need the old one no more', async () => {
    const [file, old, next] = [path.join(folder, 'c.db'), randomBytes(32), randomBytes(32)];
    const first = await onFile(file, [old]);
    for (const name of ['one', 'two']) await first.ask('POST', SECRETS, { name, value: VALUE + name });
    await endAll();
    const second = await onFile(file, [next, old]);
    await second.ask('POST', SECRETS, { name: 'three', value: VALUE });
    const rotate = () => second.ask('POST', '/apis/secrets/v2/rotate-encryption-keys');
    expect((await rotate()).body).toEqual({ rotated_secrets: 2, success: true });
    expect((await rotate()).body).toEqual({ rotated_secrets: 0, success: true });
    await endAll();
    const third = await onFile(file, [next]);
    expect((await third.ask('GET', `${SECRETS}/two/access`)).body.value).toBe(`${VALUE}two`);
  });

  it('cannot be put in the place of another', async () => {
    const database = await openDatabase(':memory:');
    ends.push(() => database.close());
    const key = masterKeyFor(randomBytes(32));
    const platform = await testPlatform({ database, masterKeys: [key], discovery: false });
    for (const name of ['mine', 'theirs'])
      await platform.ask('POST', SECRETS, { name, value: `${VALUE}-${name}` });
    await platform.end();
    const [row] = await database.all<{ data: string }>("select data from entities where name = 'theirs'");
    await database.run("update entities set data = ? where name = 'mine'", row!.data);
    const again = testPlatform({ database, masterKeys: [key], discovery: false });
    await expect(again).rejects.toThrow('"default/mine" cannot be opened');
  });

  it('are not shown by what is said about a wrong request', async () => {
    const platform = await testPlatform({ discovery: false });
    ends.push(() => platform.end());
    const wrong = [
      await platform.ask('POST', SECRETS, { value: VALUE }),
      await platform.ask('POST', SECRETS, { data: VALUE, name: 'BAD' }),
      await platform.ask('POST', SECRETS, JSON.stringify({ name: 'ok', value: VALUE }), {
        'content-type': 'text/plain',
      }),
      await platform.ask('POST', SECRETS, { name: 5, value: VALUE }),
    ];
    for (const { status, text } of wrong) {
      expect(status).toBe(422);
      expect(text).not.toContain(VALUE);
    }
  });
});

describe('the master key', () => {
  const source = { file: null, makeFile: false };
  it('comes from a variable, a command or a file, in this order', async () => {
    const [one, two] = [randomBytes(32), randomBytes(32)];
    const file = path.join(folder, 'given.key');
    writeFileSync(file, two.toString('base64'), { mode: 0o600 });
    const both = { ...source, file, value: one.toString('hex') };
    expect((await readMasterKeys(both)).map(({ key }) => key)).toEqual([one]);
    expect((await readMasterKeys({ ...source, file })).map(({ key }) => key)).toEqual([two]);
    const printed = { ...source, file, command: `cat ${file}` };
    expect(
      (await readMasterKeys({ ...printed, previous: one.toString('base64') })).map(({ key }) => key),
    ).toEqual([two, one]);
  });

  it('is made once, in a file that nobody else can read', async () => {
    const file = path.join(folder, 'made.key');
    const made = await Promise.all([1, 2, 3].map(() => readMasterKeys({ ...source, file, makeFile: true })));
    expect(new Set(made.map(([key]) => key!.id)).size).toBe(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    await expect(readMasterKeys({ ...source, file })).rejects.toThrow(
      'can be read by other users (mode 644)',
    );
  });

  it('is refused when it is none, without being shown', async () => {
    const asked = readMasterKeys({ ...source, value: 'too-short-secret' });
    await expect(asked).rejects.toThrow('The master key in NGYM_MASTER_KEY is not a key.');
    await expect(asked).rejects.not.toThrow('too-short-secret');
    await expect(readMasterKeys({ ...source, file: path.join(folder, 'none') })).rejects.toThrow(
      'cannot be read',
    );
    await expect(readMasterKeys({ ...source, command: 'false' })).rejects.toThrow('gave no key: false');
  });
});
