import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportRun, tellGitHub } from '../../src/report/index.js';
import { reportFormat, REPORT_FORMATS } from '../../src/report/report-run.js';
import { MIXED, runTexts, storedRun, type Told } from './sample-run.js';
import { tempFolder } from './temp-folder.js';

const golden = (name: string): string => path.resolve(import.meta.dirname, 'golden', name);

describe('reportRun', () => {
  it.each([
    ['text', 'report.txt'],
    ['markdown', 'report.md'],
    ['json', 'report.json'],
    ['junit', 'report.xml'],
  ] as const)('%s', async (format, file) => {
    const { text } = await reportRun({ rollouts: storedRun(MIXED), by: ['metadata.category'], format });
    await expect(text).toMatchFileSnapshot(golden(file));
  });

  it('depends on the stored rows, not on their order nor on attempts before the last', async () => {
    const shuffled = MIXED.map((_, i) => MIXED[(i * 5) % MIXED.length]!).map((told) =>
      told.reward === undefined
        ? told
        : { ...told, failures: ['connection_reset', ...(told.failures ?? [])] },
    );
    for (const format of REPORT_FORMATS) {
      const [a, b] = await Promise.all(
        [MIXED, shuffled].map((rows) =>
          reportRun({ rollouts: storedRun(rows), by: ['metadata.category'], format }),
        ),
      );
      expect(b!.text).toBe(a!.text);
    }
  });

  it('counts a half written last line as owed and says so; refuses any other bad line', async () => {
    const rows: Told[] = [0, 1, 2].map((task) => ({ task, reward: 1 }));
    const texts = runTexts(rows);
    const torn = { ...texts, 'r.jsonl': texts['r.jsonl']!.slice(0, -40) };
    const { report } = await reportRun({ rollouts: path.join(tempFolder(torn), 'r.jsonl') });
    expect(report.balance).toMatchObject({ planned: 3, scored: 2, owed: 1 });
    expect(report.notices).toEqual([expect.stringContaining('half written')]);
    const bad = { ...texts, 'r.jsonl': `{"reward":\n${texts['r.jsonl']!}` };
    await expect(reportRun({ rollouts: path.join(tempFolder(bad), 'r.jsonl') })).rejects.toMatchObject({
      code: 'REPORT_BAD_LINE',
      where: { line: 1 },
    });
  });

  it('reads the rollouts of another program, which has no other files', async () => {
    const file = storedRun([
      { task: 0, reward: 1 },
      { task: 1, reward: 0.5 },
    ]);
    const folder = tempFolder({ 'r.jsonl': readFileSync(file, 'utf8') });
    const { report } = await reportRun({ rollouts: path.join(folder, 'r.jsonl') });
    expect(report).toMatchObject({ status: 'complete', balance: { planned: 2, scored: 2 } });
    expect(report.agents[0]!.reward!.value).toBe(0.75);
  });

  it('reports a run that was killed before its first result; names a file that no run wrote', async () => {
    const texts = runTexts([{ task: 0 }, { task: 1 }]);
    const inputs = 'r_materialized_inputs.jsonl';
    const folder = tempFolder({ [inputs]: texts[inputs]! });
    const { report } = await reportRun({ rollouts: path.join(folder, 'r.jsonl') });
    expect(report).toMatchObject({ status: 'incomplete', balance: { planned: 2, owed: 2 } });
    await expect(reportRun({ rollouts: path.join(folder, 's.jsonl') })).rejects.toMatchObject({
      code: 'REPORT_FILE_NOT_FOUND',
    });
  });

  it('never lets a failure of any kind move the mean of the scored rows', async () => {
    const rollout = fc.record({
      reward: fc.option(fc.constantFrom(0, 0.25, 0.5, 1), { nil: undefined }),
      masked: fc.option(fc.constantFrom('judge_failed', 'session_lost'), { nil: undefined }),
      failures: fc.array(fc.constantFrom('overloaded', 'auth', 'verify_failed', 'masked', 'unheard_of')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(rollout, { minLength: 1, maxLength: 12 }), async (given) => {
        const rows = given.map((one, i) => ({
          task: i >> 1,
          rollout: i & 1,
          failures: one.failures,
          ...(one.reward === undefined ? {} : { reward: one.reward }),
          ...(one.masked === undefined ? {} : { masked: one.masked }),
        }));
        const { report } = await reportRun({ rollouts: storedRun(rows) });
        const rewards: number[] = given.flatMap(({ reward, masked }) =>
          reward === undefined || masked !== undefined ? [] : [reward],
        );
        const mean = rewards.reduce((a, b) => a + b, 0) / rewards.length;
        const found = report.agents[0]!.reward;
        if (rewards.length === 0) expect(found).toBeNull();
        else {
          expect(found!.value).toBeCloseTo(mean, 12);
          expect(found!.bounds.low).toBeLessThanOrEqual(mean + 1e-12);
          expect(found!.bounds.high).toBeGreaterThanOrEqual(mean - 1e-12);
        }
        const { planned, scored, failed, masked, owed } = report.balance;
        expect(scored + failed + masked + owed).toBe(planned);
      }),
      { numRuns: 40 },
    );
  });

  it('says where the mean over rollouts and pass@k over tasks weigh tasks differently', async () => {
    const rollouts = storedRun([
      { task: 0, rollout: 0, reward: 1 },
      { task: 0, rollout: 1, reward: 1 },
      { task: 0, rollout: 2, reward: 1 },
      { task: 1, rollout: 0, reward: 0 },
      { task: 1, rollout: 1, failures: ['overloaded'] },
      { task: 1, rollout: 2 },
    ]);
    const { report, text } = await reportRun({ rollouts });
    expect(report.agents[0]).toMatchObject({ reward: { value: 0.75 }, reward_over_tasks: 0.5 });
    expect(report.notices.join()).toContain('tasks have 1 to 3 rewards');
    expect(report.notices.join()).toContain('2 rollouts without a reward');
    expect(text.replace(/\s+/g, ' ')).toContain('Mean over tasks: 0.5000.');
  });

  it('never shows an interval of no width, nor one outside of rewards between 0 and 1', async () => {
    const of = (values: number[]): string => storedRun(values.map((reward, task) => ({ task, reward })));
    const interval = async (values: number[]) => (await reportRun({ rollouts: of(values) })).report;
    const halves = await interval(new Array<number>(10).fill(0.5));
    // Clopper and Pearson's bound for none of ten is 0.3085.
    expect(halves.agents[0]!.reward!.interval).toMatchObject({ method: 'all-equal' });
    expect(halves.agents[0]!.reward!.interval!.low).toBeCloseTo(0.5 - 0.3085 / 2, 4);
    expect(halves.notices.join()).toContain('all tasks have the same mean');
    const twos = await interval([2, 2, 2]);
    expect(twos.agents[0]!.reward!.interval).toBeNull();
    expect(twos.notices.join()).toContain('no interval: rewards do not vary');
    const high = await interval([1, 1, 0.5, 0.25]);
    expect(high.agents[0]!.reward!.interval!.high).toBeLessThanOrEqual(1);
  });

  it('makes a table per way to end, and shows endings without an answer', async () => {
    const rows = [
      { task: 0, reward: 1 },
      { task: 1, reward: 0, stop: 'content_filter' },
      { task: 2, reward: 0, stop: 'content_filter' },
      { task: 3, reward: 0, stop: 'empty', masked: 'ngym:empty' },
    ];
    const { report, text } = await reportRun({ rollouts: storedRun(rows), by: ['stop_reason'] });
    const [agent] = report.agents;
    expect(
      agent!.subsets.map(({ value, planned, scored, masked }) => [value, planned, scored, masked]),
    ).toEqual([
      ['answered', 1, 1, 0],
      ['content_filter', 2, 2, 0],
      ['empty', 1, 0, 1],
    ]);
    expect(agent).toMatchObject({
      stop_reasons: { content_filter: 2, answered: 1 },
      masked_kinds: { 'ngym:empty': 1 },
      coverage: 0.75,
    });
    expect(text).toMatch(/^stop reasons\n\n.*\ncontent_filter +2\nanswered +1$/m);
    expect(text).toMatch(/^masked\n\n.*\nngym:empty +1$/m);
  });

  it('names the formats when one is unknown', () => {
    expect(reportFormat('junit')).toBe('junit');
    expect(() => reportFormat('markdwon')).toThrow(/Did you mean "markdown"/);
  });

  it('keeps text of the model from becoming markup', async () => {
    const evil = '</td>|<script>`x`]]>\u0000\n::error::';
    const rows = MIXED.map((told) => ({ ...told, category: evil, agent: evil }));
    const file = storedRun(rows);
    const by = ['metadata.category'];
    const markdown = (await reportRun({ rollouts: file, by, format: 'markdown' })).text;
    expect(markdown).not.toContain('<script>');
    expect(markdown.split('\n').filter((line) => line.startsWith('::'))).toEqual([]);
    const junit = (await reportRun({ rollouts: file, by, format: 'junit' })).text;
    expect(junit).toContain('name="&lt;/td&gt;|&lt;script&gt;`x`]]&gt;\ufffd&#10;::error::"');
  });
});

describe('tellGitHub', () => {
  it('appends to the step summary and gives annotations that cannot be broken out of', async () => {
    const summary = path.join(tempFolder(), 'summary.md');
    writeFileSync(summary, 'before\n');
    const env = { GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: 'true' };
    const out = await tellGitHub(env, '### Complete\n', [
      { level: 'error', title: 'a:b,c', message: '100%\n::warning::x' },
    ]);
    expect(readFileSync(summary, 'utf8')).toBe('before\n### Complete\n\n');
    expect(out).toBe('::error title=a%3Ab%2Cc::100%25%0A::warning::x\n');
  });

  it('does nothing elsewhere', async () => {
    expect(await tellGitHub({}, 'x', [{ level: 'error', title: 't', message: 'm' }])).toBe('');
  });
});
