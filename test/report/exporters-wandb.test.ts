import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportRun, type ExportOptions } from '../../src/report/exporters/index.js';
import { logFile } from '../../src/report/exporters/wandb/log-file.js';
import { makeRun } from './html-run.js';

/** What JSON holds; the test knows its shape. */
type Loose = ReturnType<typeof JSON.parse>;

/** With the real package, where it is installed: NGYM_WANDB_PYTHON=<a python that has wandb>. */
const python = process.env.NGYM_WANDB_PYTHON;
if (python === undefined) console.warn('Skipped: set NGYM_WANDB_PYTHON to a python that has wandb.');

const KEY = 'sekretsekretsekret';
const METRICS = { 'mean/reward': 0.5, 'pass@1/accuracy': 50, note: 'wörds', none: null, ok: true };

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'ngym wandb-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function run(config: object = {}, long = 'short'): Promise<string[]> {
  const rollouts = await makeRun(path.join(dir, 'run'), { tasks: 4, repeats: 2 });
  const aggregateMetrics = path.join(dir, 'run', 'calc_aggregate_metrics.json');
  const entry = { agent_ref: { name: 'calc' }, agent_metrics: METRICS, key_metrics: { 'mean/reward': 0.5 } };
  await writeFile(aggregateMetrics, JSON.stringify([entry]));
  const notices: string[] = [];
  const options: ExportOptions = {
    files: { rollouts, aggregateMetrics },
    config: { wandb_project: 'évals', wandb_name: 'first run', wandb_api_key: KEY, ...config },
    redacted: { a: { b: [1, 'x'], c: null }, long, wandb_api_key: '****' },
    env: {},
    notify: (level, message) => notices.push(`${level}: ${message}`),
    now: () => Date.UTC(2026, 10, 21, 6, 7, 8, 250),
  };
  await exportRun(options);
  return notices;
}

async function written(home: string): Promise<{ folder: string; log: string }> {
  const [name, ...others] = await readdir(path.join(home, 'wandb'));
  expect(others).toEqual([]);
  const id = /^offline-run-20261121_060708-([a-z0-9]{8})$/.exec(name!)![1]!;
  const folder = path.join(home, 'wandb', name!);
  return { folder, log: path.join(folder, `run-${id}.wandb`) };
}

/** A reader of its own, written from the format's description. */
function unframed(content: Buffer): Buffer[] {
  expect(content.subarray(0, 7).toString('hex')).toBe('3a572642e1be00');
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = 7; at < content.length;) {
    const left = 32768 - (at % 32768);
    if (left < 7) {
      expect(content.subarray(at, at + left).every((byte) => byte === 0)).toBe(true);
      at += left;
      continue;
    }
    const length = content.readUInt16LE(at + 4);
    const data = content.subarray(at + 7, at + 7 + length);
    expect(7 + length).toBeLessThanOrEqual(left);
    expect(content.readUInt32LE(at)).toBe(crc32(content.subarray(at + 6, at + 7 + length)));
    const kind = content[at + 6]!;
    expect(kind === 1 || kind === 2).toBe(parts.length === 0);
    parts.push(data);
    if (kind === 1 || kind === 4) {
      records.push(Buffer.concat(parts));
      parts = [];
    }
    at += 7 + length;
  }
  expect(parts).toEqual([]);
  return records;
}
/** Fields of a message in order: number or bytes. */
function fields(message: Buffer): [number, number | Buffer][] {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++]!;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const found: [number, number | Buffer][] = [];
  while (at < message.length) {
    const tag = varint();
    const value = varint();
    if (tag % 8 === 0) found.push([Math.floor(tag / 8), value]);
    else {
      expect(tag % 8).toBe(2);
      found.push([Math.floor(tag / 8), message.subarray(at, (at += value))]);
    }
  }
  expect(at).toBe(message.length);
  return found;
}
const all = (message: Buffer, field: number): Buffer[] =>
  fields(message).flatMap(([number, value]) => (number === field ? [value as Buffer] : []));
const text = (message: Buffer, field: number): string => all(message, field)[0]!.toString();
const items = (message: Buffer): Record<string, unknown> =>
  Object.fromEntries(all(message, 1).map((item) => [all(item, 2).join(' '), JSON.parse(text(item, 16))]));

describe('the log of W&B', () => {
  it('frames records of every length around the end of a block', () => {
    for (const first of [0, 1, 32739, 32740, 32746, 32747, 32748, 32753, 32754, 32755, 65_508, 100_000]) {
      const records = [first, 0, 5, 40_000].map((length, i) => Buffer.alloc(length, i + 1));
      expect(unframed(logFile(records)).map((one) => one.toString('latin1'))).toEqual(
        records.map((one) => one.toString('latin1')),
      );
    }
  });
});

describe('export to an offline run of W&B', () => {
  it('holds run, configuration, metrics and the table, and never the key', async () => {
    const notices = await run({}, 'y'.repeat(100_000));
    const { folder, log } = await written(path.join(dir, 'run'));
    expect(notices).toEqual([
      `info: Exported to Weights & Biases: offline run "first run" of project "évals"; upload it with: wandb sync '${folder}'`,
    ]);
    const content = await readFile(log);
    const records = unframed(content);
    const kinds = records.map((record, i) => {
      const [number, kind] = fields(record);
      expect(number).toEqual([1, i + 1]);
      return kind![0];
    });
    expect(kinds).toEqual([21, 17, 8, 6, 3, 2, 18]);
    const [, runRecord, artifact, , summary, history] = records.map((one) => fields(one)[1]![1] as Buffer);
    expect(text(runRecord!, 3)).toBe('évals');
    expect(text(runRecord!, 8)).toBe('first run');
    const config = all(all(runRecord!, 4)[0]!, 1).map((item) => [text(item, 1), JSON.parse(text(item, 16))]);
    expect(Object.fromEntries(config)).toEqual({
      a: { b: [1, 'x'], c: null },
      long: 'y'.repeat(100_000),
      wandb_api_key: '****',
    });
    const shown = Object.entries(METRICS).filter(([, value]) => value !== null);
    const named = Object.fromEntries(shown.map(([name, value]) => [`calc/${name}`, value]));
    const expected = { ...named, 'key_metrics/calc/mean/reward': 0.5, 'Rollouts nrows': 7 };
    expect(items(summary!)).toMatchObject(expected);
    expect(items(summary!)).not.toHaveProperty(['calc/none']);
    expect(items(history!)).toMatchObject({ ...expected, 'calc/none': null, _step: 0 });

    const table = await readFile(path.join(folder, 'files', String(items(summary!)['Rollouts path'])));
    const sha256 = createHash('sha256').update(table).digest('hex');
    expect(items(summary!)).toMatchObject({ 'Rollouts sha256': sha256, 'Rollouts size': table.length });
    const entry = all(all(artifact!, 12)[0]!, 4)[0]!;
    expect(text(entry, 2)).toBe(createHash('md5').update(table).digest('base64'));
    const { columns, data, nrows } = JSON.parse(table.toString());
    expect({ columns, nrows }).toEqual({ columns: ['Rollout'], nrows: 7 });
    const rows = data.map(([cell]: [string]) => JSON.parse(cell));
    expect(rows.filter((row: Loose) => row._ng_failure_class === 'timeout')).toHaveLength(2);
    for (const bytes of [content, table]) expect(bytes.includes('sekret')).toBe(false);
  });

  it('writes below results_dir, and no table when rollouts are not to be uploaded', async () => {
    const home = path.join(dir, 'results');
    await run({ results_dir: home, upload_rollouts: false });
    const { folder, log } = await written(home);
    expect(unframed(await readFile(log))).toHaveLength(5);
    expect(await readdir(path.join(folder, 'files'))).toEqual([]);
  });

  it('writes nothing unless project, name and key are all there', async () => {
    expect(await run({ wandb_api_key: undefined })).toEqual([]);
    expect(await readdir(path.join(dir, 'run'))).not.toContain('wandb');
  });

  it('turns trouble into a warning and leaves nothing half written', async () => {
    const home = path.join(dir, 'taken');
    await writeFile(home, '');
    const notices = await run({ results_dir: home });
    expect(notices).toEqual([expect.stringMatching(/^warn: The export to Weights & Biases failed: /)]);
    expect(notices.join()).not.toContain(KEY);
  });

  it.skipIf(python === undefined)('is read by the wandb package', async () => {
    await run({}, 'y'.repeat(100_000));
    const { folder, log } = await written(path.join(dir, 'run'));
    const script = path.join(import.meta.dirname, 'wandb-read.py');
    const read = spawnSync(python!, [script, log], { encoding: 'utf8', maxBuffer: 1e8 });
    expect(read.stderr).toBe('');
    const records = read.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { run: made } = records[1];
    expect(made).toMatchObject({
      project: 'évals',
      display_name: 'first run',
      start_time: '2026-11-21T06:07:08.250Z',
    });
    expect(made.config.update[0]).toEqual({ key: 'a', value_json: '{"b":[1,"x"],"c":null}' });
    const summary = records.find((record) => record.summary).summary.update;
    expect(summary).toContainEqual({ nested_key: ['calc/mean/reward'], value_json: '0.5' });
    expect(summary).toContainEqual({ nested_key: ['Rollouts', '_type'], value_json: '"table-file"' });
    const { artifact } = records[2];
    expect(artifact).toMatchObject({ type: 'run_table', finalize: true, aliases: ['latest'] });
    const [entry] = artifact.manifest.contents;
    expect(entry.local_path).toMatch(/\.table\.json$/);
    expect(records.at(-1)).toMatchObject({ exit: {} });
    const dry = spawnSync(python!, ['-m', 'wandb', 'sync', '--dry-run', folder], { encoding: 'utf8' });
    expect(dry.stdout + dry.stderr).toContain('Would sync 1 run(s)');
  });
});
