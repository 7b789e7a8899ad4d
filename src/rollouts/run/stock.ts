import type { FailureKind } from '../../protocol/index.js';
import { errors } from '../../errors/index.js';
import { surveyTasks } from '../dataset/survey.js';
import type { RunNumbers } from '../numbers.js';
import { factsOf } from '../numbers.js';
import type { Prepared } from '../prepare.js';
import { repairJournal } from '../store/journal.js';
import type { StoredOutcome } from '../store/ledger.js';
import { Ledger } from '../store/ledger.js';
import { readJournal } from '../store/read-journal.js';
import type { RunFiles } from '../types.js';
import type { Counters } from './counters.js';
import type { JudgeUse } from './judges.js';

/** Whether a run plays a rollout, again or for the first time. */
export function isDue(
  { state, attempts, kind }: StoredOutcome,
  limits: { attempts: number; retry: ReadonlySet<FailureKind> },
): boolean {
  if (state === 'none' || (state === 'failed' && attempts < limits.attempts)) return true;
  return (state === 'failed' || state === 'final') && kind !== null && limits.retry.has(kind);
}

export interface StockParts {
  files: RunFiles;
  prepared: Prepared;
  counters: Counters;
  numbers: RunNumbers;
  notice: (message: string, level?: 'info' | 'warn') => void;
  /** Gets the text of each planned row of a resumed run. */
  onRow: (text: string) => void;
  /** Whether this run plays the rollout, again or for the first time. */
  isDue: (stored: StoredOutcome) => boolean;
  /** Told of each stored result's `response.usage`, and of what its judges used. */
  onUsage: (agent: string, usage: unknown, judges: JudgeUse | undefined) => void;
}

async function repair({ files, notice }: StockParts): Promise<void> {
  const dropped = await repairJournal(files);
  for (const [name, bytes] of Object.entries(dropped) as [keyof typeof dropped, number][]) {
    if (bytes > 0) notice(`${files[name]}: dropped ${bytes} bytes of a half-written last line`, 'warn');
  }
}

/** Counts every planned rollout into its column, and checks that files and plan belong together. */
async function matchPlan(
  { files, prepared, counters, numbers, onRow, isDue }: StockParts,
  ledger: Ledger,
): Promise<void> {
  let matched = 0;
  const plan = await surveyTasks(files.materializedInputs, { dataSha256: '' }, (task) => {
    const stored = ledger.get(task.task, task.rollout);
    onRow(task.text);
    const due = isDue(stored);
    counters.plan(due ? 'none' : stored.state);
    if (stored.state !== 'none') matched += 1;
    if (!due && (stored.state === 'failed' || stored.state === 'final')) {
      const kind = stored.kind ?? 'internal';
      counters.failure(kind);
      numbers.failure(task.agent, kind);
    }
  });
  if (plan.planned !== prepared.planned) {
    const reason = `it holds ${plan.planned} rollouts instead of ${prepared.planned}`;
    throw errors.damagedRun(files.materializedInputs, undefined, reason);
  }
  if (plan.tasksSha256 !== prepared.tasksSha256) {
    throw errors.damagedRun(files.materializedInputs, undefined, 'it was changed after the run began');
  }
  if (matched !== ledger.size) {
    const reason = `it holds ${ledger.size - matched} results of rollouts that were never planned`;
    throw errors.damagedRun(files.rollouts, undefined, reason);
  }
}

/** Reads what is stored of a run into counts and numbers. Throws `ROLLOUTS_DAMAGED_RUN`. */
export async function takeStock(parts: StockParts): Promise<Ledger> {
  const { files, prepared, counters, numbers, onUsage } = parts;
  for (const [agent, planned] of Object.entries(prepared.agents)) numbers.plan(agent, planned);
  await repair(parts);
  if (!prepared.resumed) {
    counters.planAll(prepared.planned);
    return new Ledger();
  }
  const ledger = await readJournal(files, (line, row, reward) => {
    const facts = factsOf(row, reward);
    numbers.result(line, facts);
    if (reward !== null) counters.reward(reward);
    onUsage(facts.agent, facts.usage, facts.judges);
  });
  await matchPlan(parts, ledger);
  return ledger;
}
