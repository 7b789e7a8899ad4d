import { appendFile, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeHtmlReport } from '../../src/report/html/write-html-report.js';
import { histogram } from '../../src/report/html/histogram.js';
import { makeRun } from './html-run.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'ngym-html-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const out = (): string => path.join(dir, 'out.html');

/** The data blocks of a page by id. */
async function blocks(): Promise<Map<string, ReturnType<typeof JSON.parse>>> {
  const page = await readFile(out(), 'utf8');
  const found = page.matchAll(/<script type="application\/json" id="([^"]+)">(.*?)<\/script>/g);
  return new Map([...found].map(([, id, json]) => [id!, JSON.parse(json!)]));
}

const textOf = (data: unknown): unknown =>
  data === undefined ? null : { textContent: JSON.stringify(data) };

describe('writeHtmlReport', () => {
  it('counts every planned rollout once, whatever became of it', async () => {
    const rollouts = await makeRun(dir, { tasks: 5, repeats: 4 });
    const report = await writeHtmlReport({ rollouts, out: out() });
    expect(report).toMatchObject({ file: out(), rollouts: 20, tasks: 5, notices: [] });
    const [agent] = (await blocks()).get('run').agents;
    expect(agent).toMatchObject({ planned: 20, scored: 15, failed: 4, masked: 0, owed: 1, coverage: 0.75 });
    expect(agent.failures).toEqual({ timeout: 4 });
    const total = Math.round(agent.mean * 15);
    expect(agent.mean).toBeCloseTo(total / 15, 12);
    expect(agent.bounds).toEqual({ low: total / 20, high: (total + 5) / 20 });
    expect(agent.interval.low).toBeLessThan(agent.mean);
    expect(agent.interval.high).toBeGreaterThan(agent.mean);
    expect(agent.passAtK.map(([k]: [number]) => k)).toEqual([1, 2, 3, 4]);
    expect(agent.rewards.reduce((sum: number, bar: { count: number }) => sum + bar.count, 0)).toBe(15);
  });

  it('gives the filters the states that the table counts: what is owed has not failed', async () => {
    await writeHtmlReport({ rollouts: await makeRun(dir, { tasks: 5, repeats: 4 }), out: out() });
    const data = await blocks();
    const document = { getElementById: (id: string) => textOf(data.get(id)) };
    const store = path.resolve(import.meta.dirname, '../../data/report/store.js');
    vi.stubGlobal('document', document);
    const page = (await import(store)) as { readTasks: () => { task: number; [flag: string]: unknown }[] };
    const tasks = page.readTasks();
    vi.unstubAllGlobals();
    const having = (flag: string): number[] => tasks.flatMap((one) => (one[flag] === true ? one.task : []));
    expect(having('failed')).toEqual([1]);
    expect(having('owed')).toEqual([2]);
  });

  it('is the same, byte for byte, when it is written again', async () => {
    const rollouts = await makeRun(dir, { tasks: 3, repeats: 2 });
    await writeHtmlReport({ rollouts, out: out() });
    const first = await readFile(out());
    await writeHtmlReport({ rollouts, out: out() });
    expect((await readFile(out())).equals(first)).toBe(true);
  });

  it('adds no secret of the manifest or of an address', async () => {
    const rollouts = await makeRun(dir, { tasks: 3, repeats: 1 });
    await writeHtmlReport({ rollouts, out: out() });
    expect(await readFile(out(), 'utf8')).not.toContain('sekret');
  });

  it('leaves no way out of a block of data', async () => {
    const answer = '</script><!--<script>';
    const rollouts = await makeRun(dir, { tasks: 1, repeats: 1, answer });
    await writeHtmlReport({ rollouts, out: out() });
    expect(await readFile(out(), 'utf8')).not.toContain(answer);
    const row = (await blocks()).get('rollout-0');
    expect(row.response.output[3].content[0].text).toContain(answer);
  });

  it('needs only the rollouts, and leaves out a last line that is half written', async () => {
    const rollouts = await makeRun(dir, { tasks: 4, repeats: 1 });
    for (const name of ['failures.jsonl', 'materialized_inputs.jsonl', 'manifest.json']) {
      await unlink(path.join(dir, `calc_${name}`));
    }
    await appendFile(rollouts, '{"response": {"outp');
    const report = await writeHtmlReport({ rollouts, out: out() });
    expect(report.rollouts).toBe(2);
    expect(report.notices).toEqual(['Line 3 of the rollouts is half written and was left out.']);
  });

  it('refuses a damaged line and a result that is there twice, and leaves an old page alone', async () => {
    const rollouts = await makeRun(dir, { tasks: 2, repeats: 1 });
    await writeFile(out(), 'old');
    const text = await readFile(rollouts, 'utf8');
    await writeFile(rollouts, `{"torn\n${text}`);
    await expect(writeHtmlReport({ rollouts, out: out() })).rejects.toMatchObject({
      code: 'REPORT_BAD_LINE',
    });
    await writeFile(rollouts, text + text);
    await expect(writeHtmlReport({ rollouts, out: out() })).rejects.toMatchObject({
      code: 'REPORT_DUPLICATE_ROLLOUT',
    });
    const gone = path.join(dir, 'gone.jsonl');
    await expect(writeHtmlReport({ rollouts: gone, out: out() })).rejects.toMatchObject({
      code: 'REPORT_FILE_NOT_FOUND',
    });
    expect(await readFile(out(), 'utf8')).toBe('old');
  });

  it('shows masked rollouts as masked, with their kind, and in no number', async () => {
    const rollouts = path.join(dir, 'masked.jsonl');
    const row = '"reward":0.0,"mask_sample":true,"failure_kind":"session_lost"';
    await writeFile(rollouts, `{${row},"_ng_task_index":0}\n{"reward":1.0,"_ng_task_index":1}\n`);
    await writeHtmlReport({ rollouts, out: out() });
    const found = await blocks();
    const [agent] = found.get('run').agents;
    expect(agent).toMatchObject({ planned: 2, scored: 1, masked: 1, failed: 0, mean: 1, coverage: 0.5 });
    expect(agent.bounds).toBeNull();
    const [entry] = found.get('index-0').rollouts;
    expect(entry).toEqual([0, 0, '', 'masked', null, null, null, null, 'session_lost']);
  });

  it('refuses a result that has no reward, wherever it stands', async () => {
    const rollouts = path.join(dir, 'calc.jsonl');
    const good = '{"reward":1.0,"_ng_task_index":1}';
    for (const [line, lines] of [
      [1, ['{"reward":null,"_ng_task_index":0}', good]],
      [2, [good, '{"reward":NaN,"_ng_task_index":0}']],
    ] as const) {
      await writeFile(rollouts, `${lines.join('\n')}\n`);
      await expect(writeHtmlReport({ rollouts, out: out() })).rejects.toMatchObject({
        code: 'ROLLOUTS_RESULT_WITHOUT_REWARD',
        where: { file: rollouts, line },
      });
    }
  });
});

describe('histogram', () => {
  it('has a bar per value while there are few, else equal bins that hold everything', () => {
    expect(histogram(Float64Array.from([1, 0, 1]))).toEqual([
      { from: 0, to: 0, count: 1 },
      { from: 1, to: 1, count: 2 },
    ]);
    const bars = histogram(Float64Array.from({ length: 101 }, (_, i) => i / 100));
    expect(bars).toHaveLength(20);
    expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(101);
    expect(bars.at(-1)!.to).toBe(1);
    expect(histogram(new Float64Array(0))).toEqual([]);
  });
});
