import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendFile, repairTail } from '../../src/rollouts/store/append-file.js';
import { KeyTable } from '../../src/rollouts/store/key-table.js';
import { Ledger } from '../../src/rollouts/store/ledger.js';
import { lockOutput } from '../../src/rollouts/store/lock.js';

import { readJournal } from '../../src/rollouts/store/read-journal.js';
import { existing, moveAside, runFiles } from '../../src/rollouts/store/run-files.js';
import { Workspace } from './workspace.js';

let space: Workspace;
beforeEach(() => (space = new Workspace()));
afterEach(() => space.remove());

describe('run files', () => {
  it('are named after the output without its last suffix', () => {
    const files = runFiles('/d/a.b.jsonl');
    expect(files.rollouts).toBe('/d/a.b.jsonl');
    expect(files.failures).toBe('/d/a.b_failures.jsonl');
    expect(files.manifest).toBe('/d/a.b_manifest.json');
  });

  it('move aside under one number', async () => {
    const files = runFiles(space.file('r.jsonl'));
    for (const name of ['r.jsonl', 'r_failures.jsonl', 'r_failures.jsonl.old-1']) space.write(name, name);
    expect(await moveAside(existing(files))).toBe(2);
    expect(space.read('r.jsonl.old-2')).toBe('r.jsonl');
    expect(space.read('r_failures.jsonl.old-2')).toBe('r_failures.jsonl');
    expect(space.read('r_failures.jsonl.old-1')).toBe('r_failures.jsonl.old-1');
    expect(existing(files)).toEqual([]);
  });
});

describe('repairTail', () => {
  it('cuts at every byte of the last two lines back to whole lines', async () => {
    const text = '{"a":"é"}\n{"b":2}\n';
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      writeFileSync(space.file('f'), bytes.subarray(0, cut));
      const dropped = await repairTail(space.file('f'));
      const kept = space.read('f');
      expect(text.startsWith(kept)).toBe(true);
      expect(kept === '' || kept.endsWith('\n')).toBe(true);
      expect(dropped).toBe(cut - Buffer.byteLength(kept));
    }
  });

  it('finds the line end however long the torn line is, and creates a missing file', async () => {
    space.write('f', `ok\n${'x'.repeat(200_000)}`);
    expect(await repairTail(space.file('f'))).toBe(200_000);
    expect(space.read('f')).toBe('ok\n');
    expect(await repairTail(space.file('g'))).toBe(0);
    expect(space.read('g')).toBe('');
  });
});

describe('AppendFile', () => {
  it('keeps lines whole and in order under many callers', async () => {
    const file = await AppendFile.open(space.file('f'));
    await Promise.all(Array.from({ length: 500 }, (_, i) => file.append(`${i} ${'é'.repeat(i)}`)));
    await file.close();
    const lines = space.read('f').trimEnd().split('\n');
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  it('has handed a line to the operating system when append resolves', async () => {
    const file = await AppendFile.open(space.file('f'));
    await file.append('one');
    expect(space.read('f')).toBe('one\n');
    await file.close();
  });
});

describe('AppendFile and the disk', () => {
  it('has forced every line to disk when it is closed', async () => {
    let size = -1;
    const file = await AppendFile.open(space.file('f'), async () => {
      size = space.read('f').length;
      await Promise.resolve();
    });
    await file.append('one');
    await file.append('two');
    await file.close();
    expect(size).toBe('one\ntwo\n'.length);
  });

  it('notices that the file is no longer there, or another one', async () => {
    const file = await AppendFile.open(space.file('f'));
    expect(await file.inPlace()).toBe(true);
    renameSync(space.file('f'), space.file('g'));
    expect(await file.inPlace()).toBe(false);
    writeFileSync(space.file('f'), '');
    expect(await file.inPlace()).toBe(false);
    await file.close();
  });
});

describe('KeyTable and Ledger', () => {
  it('hold a value per key', () => {
    const table = new KeyTable();
    for (let task = -10; task < 3000; task += 1) {
      for (let rollout = 0; rollout < 3; rollout += 1)
        table.set(task, rollout, (task * 3 + rollout + 100) & 65535);
    }
    expect(table.size).toBe(3010 * 3);
    for (let task = -10; task < 3000; task += 1) expect(table.get(task, 2)).toBe((task * 3 + 102) & 65535);
    expect(table.get(99_999, 0)).toBe(0);
    expect(() => table.get(2 ** 31, 0)).toThrow(RangeError);
  });

  it('let a reward outrank failures, and count attempts', () => {
    const ledger = new Ledger();
    ledger.addFailure(1, 0, 'failed', 'timeout_idle');
    ledger.addFailure(1, 0, 'failed', 'server_error');
    expect(ledger.get(1, 0)).toEqual({ state: 'failed', attempts: 2, kind: 'server_error' });
    expect(ledger.addResult(1, 0)).toBe(true);
    expect(ledger.addResult(1, 0)).toBe(false);
    ledger.addFailure(1, 0, 'failed', 'server_error');
    expect(ledger.get(1, 0)).toMatchObject({ state: 'scored', attempts: 3 });
    ledger.addFailure(2, 1, 'masked', 'internal');
    ledger.addFailure(3, 1, 'final', 'row_invalid');
    expect(ledger.get(2, 1)).toMatchObject({ state: 'masked', attempts: 0 });
    expect(ledger.get(3, 1).state).toBe('final');
  });
});

describe('readJournal', () => {
  const line = (task: number, rest = ''): string =>
    `{"reward":1.0,"_ng_task_index":${task},"_ng_rollout_index":0,"agent_ref":{"name":"a"}${rest}}\n`;

  it('reads both files, tells foreign classes, and skips blank lines', async () => {
    const files = runFiles(space.file('r.jsonl'));
    space.write('r.jsonl', `${line(0)}\n${line(1)}`);
    space.write(
      'r_failures.jsonl',
      [
        line(2, ',"_ng_failure_class":"dns"'),
        line(3, ',"_ng_failure_class":"kill_shaped","_ng_failure_terminal":true'),
        line(4, ',"_ng_failure_class":"masked","_ng_failure_terminal":true'),
      ].join(''),
    );
    const seen: string[] = [];
    const ledger = await readJournal(files, (text) => seen.push(text));
    expect(seen).toEqual([line(0).trim(), line(1).trim()]);
    expect(ledger.size).toBe(5);
    expect(ledger.get(2, 0)).toEqual({ state: 'failed', kind: 'dns', attempts: 1 });
    expect(ledger.get(3, 0)).toMatchObject({ state: 'final', kind: 'agent_failed' });
    expect(ledger.get(4, 0).state).toBe('masked');
  });

  it('refuses a result that is there twice, and a line that is no row, with file and line', async () => {
    const files = runFiles(space.file('r.jsonl'));
    space.write('r_failures.jsonl', '');
    space.write('r.jsonl', line(0) + line(0));
    await expect(readJournal(files, () => undefined)).rejects.toThrow('task 0, rollout 0 is there twice');
    space.write('r.jsonl', `${line(0)}{"torn\n`);
    const error = await readJournal(files, () => undefined).catch((e: unknown) => String(e));
    expect(error).toContain(`${files.rollouts}:2`);
  });
});

describe('lockOutput', () => {
  it('admits one run at a time, says who holds it, and lets go', async () => {
    const output = space.file('r.jsonl');
    const release = await lockOutput(output, Date.now());
    await expect(lockOutput(output, Date.now())).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
    await release();
    expect(existsSync(`${output}.lock`)).toBe(false);
    await (
      await lockOutput(output, Date.now())
    )();
  });

  it('takes over the lock of a process that is dead, or whose number another process has now', async () => {
    const output = space.file('r.jsonl');
    const dead = spawn(process.execPath, ['-e', '0']);
    await once(dead, 'exit');
    const held = (holder: object): void => writeFileSync(`${output}.lock`, JSON.stringify(holder));
    held({ pid: dead.pid, host: hostname(), since: 0, birth: null });
    await (
      await lockOutput(output, Date.now())
    )();
    held({ pid: process.pid, host: hostname(), since: 0, birth: '1' });
    if (existsSync('/proc/self/stat')) await (await lockOutput(output, Date.now()))();
    appendFileSync(`${output}.lock`, 'garbage');
    writeFileSync(`${output}.lock`, 'garbage');
    await (
      await lockOutput(output, Date.now())
    )();
  });

  it('never takes a lock of another machine', async () => {
    const output = space.file('r.jsonl');
    writeFileSync(
      `${output}.lock`,
      JSON.stringify({ pid: 1, host: 'elsewhere.example', since: 0, birth: null }),
    );
    const error = await lockOutput(output, Date.now()).catch((e: unknown) => String(e));
    expect(error).toContain('on elsewhere.example');
    expect(error).toContain(`delete ${output}.lock`);
  });

  it('lets exactly one of many through when a stale lock is there', async () => {
    const output = space.file('r.jsonl');
    writeFileSync(`${output}.lock`, 'garbage');
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockOutput(output, Date.now())),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
