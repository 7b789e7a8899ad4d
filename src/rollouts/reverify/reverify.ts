import path from 'node:path';
import type { ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import type { Graph } from '../../graph/index.js';
import { buildVerifiers } from '../../graph/index.js';
import type { AggregatorOptions } from '../../metrics/index.js';
import type { Environment } from '../../protocol/index.js';
import { createRedactor, createRetryBudget, systemClock } from '../../transport/index.js';
import { Prices } from '../run/prices.js';
import { Run } from '../run/run.js';
import { lockOutput } from '../store/lock.js';
import { runFiles } from '../store/run-files.js';
import { removeStatus } from '../store/status-file.js';
import type { RunSummary } from '../types.js';
import type { CheckedOptions, ReverifyOptions } from './options.js';
import { checkOptions } from './options.js';
import type { Stored } from './pairs.js';
import { openStored, pairUp } from './pairs.js';
import { verifyingAgent } from './verifying-agent.js';
import { writePlan } from './write-plan.js';
import { makeFolder } from '../../files/index.js';

/** Failed verifications after which resuming leaves a rollout alone. */
const MAX_ATTEMPTS = 3;

interface Parts {
  resolved: ResolvedConfig;
  options: CheckedOptions;
  stored: Stored;
  graph: Graph;
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

async function verifyInto(output: string, parts: Parts, agents: readonly string[]): Promise<RunSummary> {
  const { resolved, options, stored, graph, redactor, notice } = parts;
  const { clock = systemClock, append } = options;
  const files = runFiles(output);
  const environments = [...new Set(agents.map((agent) => graph.cast(agent).environment.name))];
  const clean = (text: string): string => redactor.text(text);
  await makeFolder(path.dirname(output));
  const release = await lockOutput(output, clock.now());
  try {
    const now = clock.now();
    const prepared = await writePlan({ resolved, options, stored, files, environments, now, clean, notice });
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
      concurrency: options.concurrency,
      preflight: false,
      aggregate: options.disableAggregation !== true,
      // A row's times stay those of its response.
      replaying: true,
      limits: {
        costUsd: null,
        totalTokens: null,
        wallSeconds: null,
        stallSeconds: null,
        attempts: append ? 0 : MAX_ATTEMPTS,
        retry: new Set(append ? ['judge_failed'] : []),
      },
      options,
    }).play();
    if (summary.status === 'complete') return summary;
    const again = append ? 'Run the same command again' : 'Run the same command again with --resume';
    return { ...summary, next: `${again}; why rollouts failed is in ${files.failures}.` };
  } finally {
    await removeStatus(output);
    await release();
  }
}

/**
 * Verifies stored responses again with the configured environments and writes the new rewards beside the responses,
 * in files of their own. No model is asked, except judges. Failures are rows and numbers of the summary. Throws
 * NgError for what the user has to correct; then nothing was written.
 */
export async function reverifyRollouts(
  resolved: ResolvedConfig,
  given: ReverifyOptions,
): Promise<RunSummary> {
  const options = checkOptions(given);
  const { clock = systemClock, random = Math.random, reporter = () => undefined } = options;
  const redactor = createRedactor(resolved.secrets());
  const notice: Parts['notice'] = (message, level = 'info') =>
    reporter({ type: 'notice', level, message: redactor.text(message) });
  const stored = await openStored(options);
  let graph: Graph | undefined;
  try {
    const { agents, due, failed } = await pairUp(stored, options);
    if (due === 0) throw errors.reverifyNothing(options.rollouts, options.judgeFailedOnly);
    if (failed > 0 && !options.judgeFailedOnly) {
      notice(`${failed} failed rollouts have no reward to verify again and are left out`);
    }
    graph = await buildVerifiers(resolved, {
      clock,
      random,
      agents,
      redactor,
      notify: ({ level, message }) => notice(message, level),
      retryBudget: createRetryBudget(),
    });
    const ready = graph;
    for (const warning of ready.warnings) notice(warning, 'warn');
    const environments = new Set(agents.map((agent) => ready.cast(agent).environment));
    // A failed judge was asked about a response that its session had made: nothing is missing.
    const doubtful = options.judgeFailedOnly ? [] : await unsafe([...environments]);
    if (doubtful.length > 0 && options.force !== true) throw errors.reverifyUnsafe(doubtful);
    const output = outputOf(options, doubtful.length > 0);
    return await verifyInto(output, { resolved, options, stored, graph: ready, redactor, notice }, agents);
  } finally {
    await graph?.close();
    await stored.close();
  }
}
