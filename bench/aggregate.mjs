// Numbers from stored rows: aggregate metrics and the report of a run, beside a bare loop of JSON.parse and a sum.
// NGYM_BENCH_ROWS=1000000 for the size that a large run has (about 0.9 GB of temporary files).
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(import.meta.dirname, '..');
const ROWS = Number(process.env.NGYM_BENCH_ROWS ?? 200_000);
const REPEATS = 4;
const TEXT = 'The answer is worked out step by step. '.repeat(8);

function row(i) {
  return {
    responses_create_params: { input: `question ${Math.floor(i / REPEATS)}` },
    response: {
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: TEXT }] }],
      usage: { input_tokens: 100 + (i % 50), output_tokens: 10 + (i % 9), total_tokens: 120 },
    },
    reward: Number((i * 7919) % 3 === 0),
    extracted_answer: 'ABCD'[i % 4],
    _ng_task_index: Math.floor(i / REPEATS),
    _ng_rollout_index: i % REPEATS,
    agent_ref: { name: 'a' },
    _ng_run: { stop_reason: 'answered', turns: 1, duration_ms: 500 + (i % 1000), attempts: [] },
  };
}

async function writeRows(file, rows) {
  const out = createWriteStream(file);
  for (let i = 0; i < rows; i += 1) if (!out.write(`${JSON.stringify(row(i))}\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'close');
}

const WORK = {
  async aggregate(file) {
    const { aggregateFile, createRunAggregator } = await ours('dist/metrics/index.js');
    const { storedLines } = await ours('dist/report/files/lines.js');
    const run = createRunAggregator(() => ({ passMajority: { answerKey: 'extracted_answer' } }));
    for await (const line of storedLines(file, 'rollouts file')) run.add(line.text);
    let characters = 0;
    for (const piece of aggregateFile(run.finish())) characters += piece.length;
    if (characters === 0) throw new Error('nothing was aggregated');
  },
  async report(file) {
    const { reportRun } = await ours('dist/report/index.js');
    await reportRun({ rollouts: file });
  },
  async floor(file) {
    const { storedLines } = await ours('dist/report/files/lines.js');
    let sum = 0;
    for await (const line of storedLines(file, 'rollouts file')) sum += JSON.parse(line.text).reward;
    if (sum === 0) throw new Error('nothing was summed');
  },
};

function ours(file) {
  return import(pathToFileURL(path.join(ROOT, file)).href);
}

/** Runs one piece of work in a process of its own; gives CPU seconds and peak memory. */
function measured(name, file) {
  const done = spawnSync(process.execPath, [import.meta.filename, name, file], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

export async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'ngym-aggregate-'));
  try {
    for (const rows of [ROWS / 10, ROWS]) {
      const file = path.join(folder, `rows-${rows}.jsonl`);
      await writeRows(file, rows);
      console.log(`${rows.toLocaleString('en')} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB`);
      for (const name of Object.keys(WORK)) {
        const { cpu, peakMb } = measured(name, file);
        const perRow = ((cpu / rows) * 1e6).toFixed(1);
        console.log(
          `  ${name.padEnd(10)} ${cpu.toFixed(1).padStart(6)} s CPU  ${perRow.padStart(6)} µs/row  ${peakMb.toFixed(0).padStart(5)} MB peak`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, main, name, file] = process.argv;
if (main === import.meta.filename && name !== undefined) {
  await WORK[name](file);
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024 }));
}
