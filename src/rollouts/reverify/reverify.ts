import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import type { Graph, Hosted } from '../../graph/index.js';
import { buildVerifiers, verifierNames } from '../../graph/index.js';
import type { AggregatorOptions } from '../../metrics/index.js';
import { UNVERIFIED_KINDS } from '../../protocol/index.js';
import type { Environment } from '../../protocol/index.js';
import { createRedactor, createRetryBudget, systemClock } from '../../transport/index.js';
import { DEFAULT_OUTAGE_SECONDS } from '../parameters.js';
import { Outages } from '../run/outages.js';
import { Prices } from '../run/prices.js';
import { Run } from '../run/run.js';
import { datasetWatch, tellKept } from '../secrets.js';
import type { Wanted } from '../store/identity.js';
import { lockOutput } from '../store/lock.js';
import type { Manifest } from '../store/manifest.js';
import { runFiles } from '../store/run-files.js';
import { removeStatus } from '../store/status-file.js';
import type { RunSummary } from '../types.js';
import { draftOf, openRun, prepareDraft, rescored, takeOver } from './in-place.js';
import type { CheckedOptions, ReverifyOptions } from './options.js';
import { checkOptions } from './options.js';
import type { Stored } from './pairs.js';
import { openStored, pairUp } from './pairs.js';
import { verifyingAgent } from './verifying-agent.js';
import { makeFolder } from '../../files/index.js';
import { CLOSE_MS, hostFor } from '../host.js';
import { identifyVerifying, writePlan } from './write-plan.js';

/** Failed verifications after which resuming leaves a rollout alone. */
const MAX_ATTEMPTS = 3;

interface Parts {
  resolved: ResolvedConfig;
  options: CheckedOptions;
  stored: Stored;
  graph: Graph;
  outages: Outages;
  redactor: ReturnType<typeof createRedactor>;
  notice: (message: string, level?: 'info' | 'warn') => void;
}

/** Names of environments that do not say that stored responses can be verified again. */
async function unsafe(environments: readonly Environment[]): Promise<string[]> {
  const modes = await Promise.all(
    environments.map(async (environment) => ({
      name: environment.name,
      mode: (await environment.reverifyMode?.()) ?? 'unknown',
    })),
  );
  return modes.filter(({ mode }) => mode !== 'stateless').map(({ name, mode }) => `${name}: ${mode}`);
}

function metricsOf(environment: Environment): AggregatorOptions {
  return {
    passMajority: environment.passMajority,
    ...(environment.metrics === undefined ? {} : { metrics: (tasks) => environment.metrics!(tasks) }),
    ...(environment.keyMetrics === undefined ? {} : { keyMetrics: (all) => environment.keyMetrics!(all) }),
  };
}

/** The same parts, with agents that verify what is stored. */
function verifying({ graph, stored, options }: Parts): Graph {
  const { clock = systemClock, judgeFailedOnly } = options;
  const source = judgeFailedOnly ? stored.failures : stored.results;
  return {
    ...graph,
    cast: (name) => ({
      ...graph.cast(name),
      agent: verifyingAgent(name, {
        clock,
        stored: (task, rollout) => source?.read(task, rollout) ?? Promise.resolve(null),
      }),
    }),
  };
}

/** Where the new rows go: the file that was asked for, marked when the verdicts may not be trusted. */
function outputOf({ output }: CheckedOptions, isUnsafe: boolean): string {
  const { dir, base } = path.parse(output);
  return isUnsafe ? path.join(dir, `unsafe_${base}`) : output;
}

/** Verifies what is stored into `output`, whose lock is held. */
async function verifyInto(
  output: string,
  parts: Parts,
  plan: PlanNames,
  wanted: Wanted,
): Promise<RunSummary> {
  const { resolved, options, stored, graph, redactor, notice } = parts;
  const { clock = systemClock, append, inPlace } = options;
  const files = runFiles(output);
  const clean = (text: string): string => redactor.json(text);
  const now = clock.now();
  try {
    const prepared = await writePlan({
      resolved,
      // A draft that is there is one to go on with.
      options: inPlace ? { ...options, resume: true } : options,
      stored,
      files,
      environments: plan.environments,
      wanted,
      now,
      clean,
      notice,
      onRow: datasetWatch(redactor, notice),
    });
    const summary = await new Run({
      graph: verifying(parts),
      files,
      prepared,
      redactor,
      clock,
      reporter: options.reporter ?? (() => undefined),
      notice,
      prices: new Prices(resolved),
      metricsOf: (agent) => metricsOf(graph.cast(agent).environment),
      measuredBy: (agent) => {
        const { environment } = graph.cast(agent);
        return environment.measure === undefined ? undefined : environment;
      },
      outages: parts.outages,
      concurrency: options.concurrency,
      preflight: false,
      aggregate: options.disableAggregation !== true,
      // A row's times stay those of its response.
      replaying: true,
      // What a row was counted as is in the row: the verifying agent does it again.
      unanswered: {},
      limits: {
        costUsd: null,
        totalTokens: null,
        wallSeconds: null,
        stallSeconds: null,
        outageSeconds: DEFAULT_OUTAGE_SECONDS,
        attempts: append ? 0 : MAX_ATTEMPTS,
        retry: new Set(append ? UNVERIFIED_KINDS : []),
      },
      options,
    }).play();
    if (summary.status === 'complete') return summary;
    const again = append ? 'Run the same command again' : 'Run the same command again with --resume';
    return { ...summary, next: `${again}; why rollouts failed is in ${files.failures}.` };
  } finally {
    await removeStatus(output);
  }
}

interface PlanNames {
  agents: readonly string[];
  environments: readonly string[];
}

/** The environments by which the agents are verified, or an NgError where some need their sessions. */
async function verifiersOf(
  { graph, options }: Parts,
  agents: readonly string[],
): Promise<{ environments: string[]; unsafe: boolean }> {
  const environments = new Set(agents.map((agent) => graph.cast(agent).environment));
  // A failed judge was asked about a response that its session had made: nothing is missing.
  const doubtful = options.judgeFailedOnly ? [] : await unsafe([...environments]);
  if (doubtful.length > 0 && options.force !== true) throw errors.reverifyUnsafe(doubtful);
  return { environments: [...environments].map(({ name }) => name), unsafe: doubtful.length > 0 };
}

/** Scores into a draft beside the run, which takes the place of its rewards when all are there. */
async function verifyInPlace(parts: Parts, plan: PlanNames, manifest: Manifest): Promise<RunSummary> {
  const { options, notice, redactor } = parts;
  const clean = (text: string): string => redactor.text(text);
  const wanted = await identifyVerifying({ ...parts, environments: plan.environments, clean });
  const identity = rescored(options.rollouts, manifest, wanted, plan.environments);
  await prepareDraft(options.rollouts, wanted, plan.environments);
  const played = await verifyInto(draftOf(options.rollouts), parts, plan, wanted);
  return takeOver(options.rollouts, { ...manifest, identity }, played, options.cwd, notice);
}

/** Verifies into files of their own, or appends to those of the run. */
async function verifyApart(parts: Parts, plan: PlanNames, isUnsafe: boolean): Promise<RunSummary> {
  const { options, redactor } = parts;
  const { clock = systemClock } = options;
  const output = outputOf(options, isUnsafe);
  const clean = (text: string): string => redactor.text(text);
  await makeFolder(path.dirname(output));
  const release = await lockOutput(output, clock.now());
  try {
    const wanted = await identifyVerifying({ ...parts, environments: plan.environments, clean });
    return await verifyInto(output, parts, plan, wanted);
  } finally {
    await release();
  }
}

async function verify(
  resolved: ResolvedConfig,
  options: CheckedOptions,
  manifest: Manifest | null,
): Promise<RunSummary> {
  const { clock = systemClock, random = Math.random, reporter = () => undefined } = options;
  const redactor = createRedactor(resolved.namedSecrets());
  const notice: Parts['notice'] = (message, level = 'info') =>
    reporter({ type: 'notice', level, message: redactor.text(message) });
  tellKept(redactor, notice);
  const stored = await openStored(options);
  const outages = new Outages(clock);
  let graph: Graph | undefined;
  let hosted: Hosted | undefined;
  try {
    const { agents, due, failed } = await pairUp(stored, options);
    if (due === 0) throw errors.reverifyNothing(options.rollouts, options.judgeFailedOnly);
    if (failed > 0 && !options.judgeFailedOnly) {
      notice(`${failed} failed rollouts have no reward to verify again and are left out`);
    }
    const services = {
      clock,
      random,
      redactor,
      notify: ({ level, message }: { level: 'info' | 'warn'; message: string }) => notice(message, level),
      newRetryBudget: createRetryBudget,
      outage: outages.policy,
      ...(options.platform === undefined ? {} : { platform: options.platform }),
    };
    hosted = await hostFor(resolved, verifierNames(resolved, agents), services, options, options.output);
    graph = await buildVerifiers(hosted?.resolved ?? resolved, { ...services, agents });
    for (const warning of graph.warnings) notice(warning, 'warn');
    const parts: Parts = { resolved, options, stored, graph, outages, redactor, notice };
    const { environments, unsafe: isUnsafe } = await verifiersOf(parts, agents);
    const plan = { agents, environments };
    return await (manifest === null
      ? verifyApart(parts, plan, isUnsafe)
      : verifyInPlace(parts, plan, manifest));
  } finally {
    await graph?.close();
    await hosted?.close(CLOSE_MS);
    await stored.close();
  }
}

/**
 * Verifies stored responses again with the configured environments and writes the new rewards beside the responses,
 * in files of their own or (`inPlace`) in the place of the old ones. No model is asked, except judges. Failures are
 * rows and numbers of the summary. Throws NgError for what the user has to correct; then nothing was written.
 */
export async function reverifyRollouts(
  resolved: ResolvedConfig,
  given: ReverifyOptions,
): Promise<RunSummary> {
  const options = checkOptions(given);
  if (!options.inPlace) return verify(resolved, options, null);
  const { clock = systemClock, rollouts } = options;
  if (!existsSync(rollouts)) throw errors.reportFileNotFound(rollouts, 'rollouts file');
  const release = await lockOutput(rollouts, clock.now());
  try {
    return await verify(resolved, options, await openRun(rollouts));
  } finally {
    await release();
  }
}
