import path from 'node:path';
import type { ResolvedConfig } from '../config/index.js';
import type { Graph, Hosted } from '../graph/index.js';
import { buildGraph, withNothingStarted } from '../graph/index.js';
import type { AggregatorOptions } from '../metrics/index.js';
import type { Clock } from '../protocol/index.js';
import type { Notify, Redactor, Tape } from '../transport/index.js';
import { createRedactor, createRetryBudget, recordTo, replayFrom, systemClock } from '../transport/index.js';
import { errors } from '../errors/index.js';
import { collateSplit } from './dataset/collate.js';
import { agentMapOf, playingAgents } from './dataset/routing.js';
import { findFile } from './dataset/find-file.js';
import type { CollectParameters } from './parameters.js';
import { readParameters } from './parameters.js';
import type { PrepareContext } from './prepare-sources.js';
import type { Prepared } from './prepare.js';
import { prepareRun } from './prepare.js';
import { Outages } from './run/outages.js';
import { Prices } from './run/prices.js';
import { UsedElsewhere } from './run/used-elsewhere.js';
import { Run } from './run/run.js';
import { datasetWatch, tellKept } from './secrets.js';
import { measuredBy } from './measuring.js';
import { lockOutput } from './store/lock.js';
import { CLOSE_MS, hostFor, playingAgain } from './host.js';
import { runFiles } from './store/run-files.js';
import { removeStatus } from './store/status-file.js';
import type { CollectOptions, Reporter, RunFiles, RunSummary } from './types.js';
import { isFolder, makeFolder } from '../files/index.js';

interface Context {
  resolved: ResolvedConfig;
  options: CollectOptions;
  parameters: CollectParameters;
  files: RunFiles;
  clock: Clock;
  reporter: Reporter;
}

async function locateInput({ resolved, parameters, files }: Context): Promise<PrepareContext['input']> {
  const { split, input, agentName, agentMap, fanOut } = parameters;
  const routing = { agentMap: agentMapOf(agentName, agentMap), fanOut };
  if (split !== null) {
    const { file, agents } = await collateSplit(resolved, split, files.rollouts);
    return { name: split, file, agents: playingAgents(routing, agents) };
  }
  const file = findFile('input_jsonl_fpath', input!, resolved.roots);
  return { name: input!, file, agents: playingAgents(routing, null) };
}

/** What the metrics of an agent's rows need to know of its environment. */
function metricsOf(graph: Graph, agent: string): AggregatorOptions {
  const { environment } = graph.cast(agent);
  return {
    passMajority: environment.passMajority,
    ...(environment.metrics === undefined ? {} : { metrics: (tasks) => environment.metrics!(tasks) }),
    ...(environment.keyMetrics === undefined ? {} : { keyMetrics: (all) => environment.keyMetrics!(all) }),
  };
}

/** Records exchanges, or answers them from a recording. */
async function openTape({ options, parameters, clock }: Context, redactor: Redactor): Promise<Tape | null> {
  const { record, replay } = parameters;
  if (record !== null) return recordTo(path.resolve(options.cwd, record), { clock, redactor });
  return replay === null ? null : replayFrom(path.resolve(options.cwd, replay), redactor);
}

/** Parts that do not let go in time are left behind: the run is over. */
async function closeAll(
  clock: Clock,
  parts: readonly ({ close(): Promise<void> } | null | undefined)[],
): Promise<void> {
  const done = new AbortController();
  const waited = clock.sleep(CLOSE_MS, done.signal).catch(() => undefined);
  await Promise.race([Promise.allSettled(parts.map(async (part) => part?.close())), waited]);
  done.abort();
}

async function collectLocked(context: Context): Promise<RunSummary> {
  const { resolved, options, parameters, files, clock, reporter } = context;
  const redactor = createRedactor(resolved.namedSecrets());
  const notice = (message: string, level: 'info' | 'warn' = 'info'): void =>
    reporter({ type: 'notice', level, message: redactor.text(message) });
  const tell: Notify = ({ level, message }) => notice(message, level);
  tellKept(redactor, notice);
  const prices = new Prices(resolved);
  const used = new UsedElsewhere(prices);
  const tape = await openTape(context, redactor);
  const outages = new Outages(clock);
  let graph: Graph | undefined;
  let hosted: Hosted | undefined;
  let started = true;
  try {
    const prepared: Prepared = await prepareRun({
      resolved,
      parameters,
      files,
      input: await locateInput(context),
      now: clock.now(),
      ...(options.commands === undefined ? {} : { commands: options.commands }),
      clean: (text) => redactor.json(text),
      onRow: datasetWatch(redactor, notice),
      notice,
      start: async (agents, { nothingOwed = false } = {}) => {
        const services = {
          clock,
          random: options.random ?? Math.random,
          redactor,
          notify: tell,
          newRetryBudget: createRetryBudget,
          outage: outages.policy,
          ...(tape === null ? {} : { tape: tape.step }),
          ...(options.platform === undefined ? {} : { platform: options.platform }),
        };
        // Of a run that is whole nothing is played, and no program is started for it.
        if (!nothingOwed)
          hosted = await hostFor(
            resolved,
            agents,
            { ...services, onUsed: used.told },
            options,
            files.rollouts,
          );
        started = !nothingOwed;
        const whole = nothingOwed ? withNothingStarted(resolved) : resolved;
        graph = await buildGraph(hosted?.resolved ?? whole, { ...services, agents });
        used.agents = hosted?.agents ?? used.agents;
        used.models = hosted?.models ?? [];
        if (parameters.maxCostUsd !== null) requirePrices(graph, agents, prices, used);
      },
    });
    const ready = hosted === undefined ? graph! : playingAgain(graph!, hosted, clock);
    for (const warning of ready.warnings) notice(warning, 'warn');
    const run = new Run({
      graph: ready,
      files,
      prepared,
      redactor,
      clock,
      reporter,
      notice,
      prices,
      used,
      metricsOf: (agent) => metricsOf(ready, agent),
      measuredBy: (agent) => measuredBy(ready.cast(agent), started),
      outages,
      concurrency: parameters.concurrency,
      preflight: parameters.preflight,
      aggregate: !parameters.disableAggregation,
      replaying: parameters.replay !== null,
      unanswered: parameters.unanswered ?? {},
      limits: {
        costUsd: parameters.maxCostUsd,
        totalTokens: parameters.maxTotalTokens,
        wallSeconds: parameters.maxWallSeconds,
        stallSeconds: parameters.stallSeconds,
        outageSeconds: parameters.outageSeconds,
        attempts: maxAttempts(options.env ?? process.env, notice),
        retry: parameters.retryFailed,
      },
      options,
    });
    return await run.play();
  } finally {
    await closeAll(clock, [graph, tape]);
    await hosted?.close(CLOSE_MS);
    await removeStatus(files.rollouts);
  }
}

/** A limit in dollars cannot be kept without prices: better said before anything is spent. */
function requirePrices(graph: Graph, agents: readonly string[], prices: Prices, used: UsedElsewhere): void {
  const here = agents.filter((agent) => !used.agents.has(agent));
  const unknown = new Set(
    [...here.map((agent) => graph.cast(agent).model), ...graph.models, ...used.models]
      .map(({ modelId }) => modelId)
      .filter((model) => !prices.has(model)),
  );
  if (unknown.size > 0) throw errors.unknownPrices([...unknown]);
}

const ATTEMPTS_VARIABLE = 'NEMO_GYM_MAX_ROLLOUT_ATTEMPTS';
const DEFAULT_ATTEMPTS = 3;

/** How often a rollout may fail, over all resumptions, before it is left alone. */
function maxAttempts(
  env: Readonly<Record<string, string | undefined>>,
  notice: (message: string, level: 'warn') => void,
): number {
  const given = env[ATTEMPTS_VARIABLE];
  if (given === undefined || given === '') return DEFAULT_ATTEMPTS;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  notice(`${ATTEMPTS_VARIABLE}=${given} is not a positive integer; using ${DEFAULT_ATTEMPTS}`, 'warn');
  return DEFAULT_ATTEMPTS;
}

/**
 * Runs every rollout that the configuration asks for and that is not stored yet. Failures of episodes are rows and
 * numbers of the summary, never exceptions. Throws NgError for what the user has to correct; then nothing was sent.
 */
export async function collectRollouts(
  resolved: ResolvedConfig,
  options: CollectOptions,
): Promise<RunSummary> {
  const parameters = readParameters(resolved, { split: options.source === 'split' });
  // An input file that is named wins over datasets that are declared, unless a split is asked for.
  if (options.source !== 'split') parameters.split = null;
  const files = runFiles(path.resolve(options.cwd, parameters.output));
  const clock = options.clock ?? systemClock;
  await makeFolder(path.dirname(files.rollouts));
  if (await isFolder(files.rollouts)) throw errors.outputIsFolder(files.rollouts);
  const release = await lockOutput(files.rollouts, clock.now()).catch((error: unknown) => {
    throw errors.fileTrouble(error, files.rollouts) ?? error;
  });
  try {
    const reporter = options.reporter ?? (() => undefined);
    return await collectLocked({ resolved, options, parameters, files, clock, reporter });
  } finally {
    await release();
  }
}
