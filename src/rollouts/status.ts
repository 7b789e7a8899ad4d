import path from 'node:path';
import { errors } from '../errors/index.js';
import { surveyTasks } from './dataset/survey.js';
import { Counters } from './run/counters.js';
import { lockHolder } from './store/lock.js';
import { readManifest } from './store/manifest.js';
import { readJournal } from './store/read-journal.js';
import { runFiles } from './store/run-files.js';
import { readStatus, statusFile } from './store/status-file.js';
import type { RunStatus } from './types.js';

/**
 * What the run behind an output is doing. While a process works on it, that process's own words, at most some seconds
 * old; else what the files say. `output` is a path; `now` epoch milliseconds. Throws NgError when there is no run.
 */
export async function runStatus(output: string, now: number): Promise<RunStatus> {
  const files = runFiles(path.resolve(output));
  const pid = await lockHolder(files.rollouts);
  const told = pid === null ? null : await readStatus(statusFile(files.rollouts));
  if (told !== null && told.pid === pid) return told;
  if ((await readManifest(files.manifest)) === null) throw errors.noRun(files.rollouts);
  const counters = new Counters();
  // A last line that is half written belongs to nobody yet; a live process may be about to end it.
  const ledger = await readJournal(
    files,
    (_line, _row, reward) => {
      if (reward !== null) counters.reward(reward);
    },
    { torn: 'skip' },
  );
  await surveyTasks(files.materializedInputs, { dataSha256: '' }, ({ task, rollout }) => {
    const { state, kind } = ledger.get(task, rollout);
    counters.plan(state);
    if (state === 'failed' || state === 'final') counters.failure(kind ?? 'internal');
  });
  return {
    state: pid === null ? 'stopped' : 'running',
    output: files.rollouts,
    pid,
    updatedAt: now,
    balance: counters.balance,
    progress: null,
    meanReward: counters.meanReward,
    failures: counters.failures,
    waiting: null,
    endpoints: [],
    phases: {},
    inFlight: [],
    stopping: null,
  };
}
