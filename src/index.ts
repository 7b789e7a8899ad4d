import type { Unpacked } from './reference/index.js';
import type { EnvironmentKind, Language, Scaffold, TrialReport } from './authoring/index.js';
import type { Component, ComponentKind } from './catalog/index.js';
import type { ConfigObject, LoadOptions, ResolvedConfig } from './config/index.js';
import type { Finding, HostServers, PlatformName } from './graph/index.js';
import type { JsonObject, Middleware } from './protocol/index.js';
import type {
  AgentPlan,
  AggregatedShards,
  Annotation,
  ComparedRuns,
  CompareRunsOptions,
  Gate,
  GateOptions,
  HtmlReport,
  HtmlReportOptions,
  PlanOptions,
  ProfileOptions,
  ProfileResult,
  ReportedRun,
  ReportRunOptions,
  SummaryOptions,
} from './report/index.js';
import type {
  CollectOptions,
  RenderOptions,
  ReverifyOptions,
  RunStatus,
  RunSummary,
} from './rollouts/index.js';
import type { GatewaySettings, LocalGateway, Platform, PlatformSettings } from './platform/index.js';
import type { Prefetched, PrefetchRun, Served, ServeOptions, ServersStatus } from './serve/index.js';

/**
 * The public API. Functions load what they need when they are called, so that importing this file is cheap.
 * Mistakes of the caller's are NgError; failures of the outside world are data in the result.
 */

export { NgError } from './errors/index.js';
export { callArguments, defineEnvironment, functionCalls } from './environments/index.js';
export { CallFailure, defineMiddleware, outputText } from './protocol/index.js';
export type {
  EnvironmentKind,
  Language,
  Scaffold,
  TrialCount,
  TrialFinding,
  TrialReport,
} from './authoring/index.js';
export type { Component, ComponentKind } from './catalog/index.js';
export type {
  ConfigObject,
  ConfigValue,
  LoadOptions,
  Origin,
  ResolvedConfig,
  ServerInstance,
} from './config/index.js';
export type {
  EnvironmentContext,
  EnvironmentDefinition,
  EnvironmentServices,
  GivenServices,
  EnvironmentSpec,
  Played,
  ToolSpec,
} from './environments/index.js';
export type { Finding } from './graph/index.js';
export type {
  Agent,
  Attempt,
  Call,
  Clock,
  Environment,
  Episode,
  FailureKind,
  Item,
  Json,
  JsonObject,
  Middleware,
  MiddlewareAnswer,
  MiddlewareEnd,
  MiddlewareHooks,
  MiddlewareRequest,
  Model,
  Outcome,
  Phase,
  ResponsesReply,
  ResponsesRequest,
  StopReason,
  TaskRow,
  Tool,
  Usage,
  Verdict,
} from './protocol/index.js';
export type { Prefetched } from './serve/index.js';
export type {
  AgentSummary,
  Balance,
  CollectOptions,
  CommandLines,
  Progress,
  RenderOptions,
  Reporter,
  ReverifyOptions,
  RunControl,
  RunEvent,
  RunFiles,
  RunStatus,
  RunSummary,
} from './rollouts/index.js';
export type {
  AgentPlan,
  AggregatedShards,
  Annotation,
  ComparedRuns,
  CompareRunsOptions,
  Gate,
  GateOptions,
  HtmlReport,
  HtmlReportOptions,
  PlanOptions,
  ProfileOptions,
  ProfileResult,
  ReportedRun,
  ReportFormat,
  ReportRunOptions,
  RunReport,
  SummaryOptions,
} from './report/index.js';
export type { GatewaySettings, LocalGateway, Platform, PlatformSettings } from './platform/index.js';
export type { PlatformAddress, PlatformLookup, PlatformName } from './graph/index.js';
export type { InstanceInfo, Served, ServeOptions, ServersStatus } from './serve/index.js';

/** Reads config files, env.yaml and overrides into one configuration. Throws NgError. */
export async function resolveConfig(options: LoadOptions): Promise<ResolvedConfig> {
  const [{ loadConfig }, { implementations }] = await Promise.all([
    import('./config/index.js'),
    import('./graph/index.js'),
  ]);
  return loadConfig({ implementations, ...options });
}

/** The block that whoever started this program means it to serve (`NEMO_GYM_CONFIG_PATH`), if any. */
export async function ownBlock(env: LoadOptions['env']): Promise<string | undefined> {
  return (await import('./config/index.js')).ownBlock(env);
}

/** As {@link resolveConfig}, for collecting: a replay (`+replay=file`) needs no address, key or model name. */
export async function resolveForRun(options: LoadOptions): Promise<ResolvedConfig> {
  if (!options.overrides.some((token) => token.includes('replay='))) return resolveConfig(options);
  const { replayValues } = await import('./rollouts/index.js');
  return resolveConfig({ ...options, initial: { ...(await replayValues(options)), ...options.initial } });
}

/** Stands in for a model that is not named. */
const STAND_IN: ConfigObject = {
  policy_base_url: '',
  policy_api_key: '',
  policy_model_name: '',
  policy_model: { responses_api_models: { dummy_model: { entrypoint: 'app.py' } } },
};

/** As {@link resolveConfig}, for work that needs no model: one that is not named, or has no key, is no mistake. */
export function resolveWithoutModel(options: LoadOptions): Promise<ResolvedConfig> {
  return resolveConfig({ ...options, initial: { ...STAND_IN, ...options.initial } });
}

/** Runs every rollout that the configuration asks for and is still owed; see docs/files-and-exit-codes.md. */
export async function collectRollouts(
  resolved: ResolvedConfig,
  options: CollectOptions,
): Promise<RunSummary> {
  const rollouts = await import('./rollouts/index.js');
  const summary = await rollouts.collectRollouts(resolved, { host: hostServers, ...options });
  await exportSummary(resolved, options, summary);
  return summary;
}

/** Starts the programs that a run needs and that are not built in. */
const hostServers: HostServers = async (...asked) => (await import('./serve/index.js')).hostServers(...asked);

/** Sends a finished run to the trackers that are configured. */
async function exportSummary(
  resolved: ResolvedConfig,
  { env = process.env, reporter }: CollectOptions,
  { files }: RunSummary,
): Promise<void> {
  const { values } = resolved;
  const { exportRun } = await import('./report/index.js');
  const notify = (level: 'info' | 'warn', message: string): void =>
    reporter?.({ type: 'notice', level, message });
  await exportRun({ files, config: values, redacted: resolved.redacted(), env, notify });
}

/**
 * For a configuration without agents: the same with the servers of the running head server (ng_run in another
 * terminal), each agent reached over HTTP. Throws NgError when no head server answers.
 */
export async function discoverServers(
  resolved: ResolvedConfig,
  options: LoadOptions,
): Promise<ResolvedConfig> {
  if (resolved.servers.some(({ type }) => type === 'responses_api_agents')) return resolved;
  const serving = await import('./serve/index.js');
  return serving.discoverHead(resolved, options);
}

/** Starts every server of the configuration in this process; see docs/serving.md. Throws NgError. */
export async function startServers(resolved: ResolvedConfig, options?: ServeOptions): Promise<Served> {
  const serving = await import('./serve/index.js');
  return serving.serve(resolved, options);
}

/** Starts the platform of secrets, providers, models and their gateway; see docs/platform.md. Throws NgError. */
export async function startPlatform(settings: PlatformSettings): Promise<Platform> {
  const { openPlatform } = await import('./platform/index.js');
  return openPlatform(settings);
}

/** The user's own middleware, one of each file; relative paths start at `cwd`. Throws NgError. */
export async function loadMiddleware(files: readonly string[], cwd: string): Promise<Middleware[]> {
  const environments = await import('./environments/index.js');
  return Promise.all(files.map((file) => environments.loadMiddleware(file, cwd)));
}

/**
 * The gateway of a platform that does not run, in this process, on what its database holds: for model blocks that name a
 * provider or a virtual model. Throws NgError.
 */
export async function openGateway(settings: GatewaySettings): Promise<LocalGateway> {
  const platform = await import('./platform/index.js');
  return platform.openGateway(settings);
}

/** The base URL of a provider or virtual model at a running platform. `host`: the provider's own address. */
export async function platformBase(url: string, named: PlatformName, host: string | null): Promise<string> {
  const { baseOf } = await import('./platform/index.js');
  return baseOf(url, named, host);
}

/** What the head server knows of, and how each server answers now. */
export async function serversStatus(resolved: ResolvedConfig): Promise<ServersStatus> {
  const serving = await import('./serve/index.js');
  return serving.serversStatus(resolved);
}

/**
 * Unpacks a wheel with servers, configs and data (NeMo Gym's) into the user's data folder, where it is a search root
 * from then on. Throws NgError for a file that is no such wheel.
 */
export async function addWheel(file: string, env: LoadOptions['env']): Promise<Unpacked> {
  const reference = await import('./reference/index.js');
  return reference.unpackWheel(file, env);
}

/** Makes a virtual environment with `uv` for each server of the configuration that is not built in. Throws NgError. */
export async function prefetchServers(resolved: ResolvedConfig, options: PrefetchRun): Promise<Prefetched[]> {
  const serving = await import('./serve/index.js');
  return serving.prefetch(resolved, options);
}

/** The whole configuration as YAML, secrets masked. */
export function dumpConfig(resolved: ResolvedConfig): string {
  return resolved.toYaml();
}

/** The value at a dotted path, where it came from and what it replaced. Throws NgError for an unknown path. */
export function explainConfig(resolved: ResolvedConfig, path: string): string {
  return resolved.explain(path);
}

/** Everything that can be known about a configuration without sending anything. Throws NgError. */
export async function inspectConfig(
  options: LoadOptions,
): Promise<{ resolved: ResolvedConfig; findings: Finding[] }> {
  const resolved = await resolveWithoutModel(options);
  const { inspectGraph } = await import('./graph/index.js');
  return { resolved, findings: await inspectGraph(resolved, options.env) };
}

/** Every top-level key of the configuration that {@link collectRollouts} reads, beside server blocks. */
export async function collectKeys(): Promise<readonly string[]> {
  const { COLLECT_KEYS } = await import('./rollouts/index.js');
  return COLLECT_KEYS;
}

/** Every top-level key of the configuration that says where a finished run is sent. */
export async function exportKeys(): Promise<readonly string[]> {
  const { EXPORT_KEYS } = await import('./report/index.js');
  return EXPORT_KEYS;
}

/** What the run behind an output file is doing now, from another process. Throws NgError when there is no run. */
export async function runStatus(output: string): Promise<RunStatus> {
  const rollouts = await import('./rollouts/index.js');
  return rollouts.runStatus(output, Date.now());
}

/** A run's status as text: its counts, then one line per rollout in flight, the longest silent first. */
export async function describeStatus(status: RunStatus): Promise<string> {
  const rollouts = await import('./rollouts/index.js');
  return rollouts.describeStatus(status);
}

/** A run's summary as the text that the command line prints. */
export async function renderSummary(summary: RunSummary, options: SummaryOptions): Promise<string> {
  const report = await import('./report/index.js');
  return report.renderSummary(summary, options);
}

/** What to merge, and where to; relative paths start at `cwd`. */
export interface AggregateOptions {
  /** Shell patterns of rollouts files; a comma separates several. */
  globs: string;
  output: string;
  cwd: string;
  /** Write the merged file, not only its metrics. Default true. */
  merge?: boolean;
}

/**
 * Merges the rollouts files of several runs and computes their metrics, with those of the environments that the
 * configuration defines for their agents. `without` names agents whose own metrics are computed by another program, which
 * is not asked. Throws NgError.
 */
export async function aggregateRollouts(
  resolved: ResolvedConfig,
  options: AggregateOptions,
): Promise<AggregatedShards & { without: string[] }> {
  const [graph, report] = await Promise.all([import('./graph/index.js'), import('./report/index.js')]);
  const environments = await graph.agentEnvironments(resolved);
  const result = await report.aggregateShards({
    ...options,
    optionsFor: (agent) => environments.get(agent) ?? {},
  });
  const elsewhere = graph.agentsElsewhere(resolved);
  return { ...result, without: [...result.agents.keys()].filter((agent) => elsewhere.has(agent)) };
}

/** Describes stored rollouts by task and by agent, in two files beside them. Throws NgError. */
export async function profileRollouts(options: ProfileOptions): Promise<ProfileResult> {
  const report = await import('./report/index.js');
  return report.profileRollouts(options);
}

/** Verifies stored responses again, into files of their own; see docs/commands.md. Throws NgError. */
export async function reverifyRollouts(
  resolved: ResolvedConfig,
  options: ReverifyOptions,
): Promise<RunSummary> {
  const rollouts = await import('./rollouts/index.js');
  return rollouts.reverifyRollouts(resolved, { host: hostServers, ...options });
}

/** What is stored of a run, as numbers and as text. Throws NgError. */
export async function reportRun(options: ReportRunOptions): Promise<ReportedRun> {
  const report = await import('./report/index.js');
  return report.reportRun(options);
}

/** Two stored runs, task by task, with paired tests. Throws NgError when their tasks differ. */
export async function compareRuns(
  options: CompareRunsOptions,
): Promise<{ compared: ComparedRuns; text: string; markdown: string }> {
  const report = await import('./report/index.js');
  return report.compareRuns(options);
}

/** Holds a stored run against rules; the exit code is the verdict. Throws NgError. */
export async function runGate(options: GateOptions): Promise<{ gate: Gate; text: string; exitCode: number }> {
  const report = await import('./report/index.js');
  return report.runGate(options);
}

/** How many more repeats or tasks would halve the interval of the mean. Throws NgError. */
export async function planRepeats(options: PlanOptions): Promise<{ plans: AgentPlan[]; text: string }> {
  const report = await import('./report/index.js');
  return report.planRepeats(options);
}

/** Writes a run as one page that needs nothing else. Throws NgError. */
export async function writeHtmlReport(options: HtmlReportOptions): Promise<HtmlReport> {
  const report = await import('./report/index.js');
  return report.writeHtmlReport(options);
}

/** Puts Markdown into GitHub's step summary; gives the annotations to print. Elsewhere nothing happens. */
export async function tellGitHub(
  env: LoadOptions['env'],
  markdown: string,
  annotations: readonly Annotation[],
): Promise<string> {
  const report = await import('./report/index.js');
  return report.tellGitHub(env, markdown, annotations);
}

/** Fills a prompt template with each row of a dataset; gives the number of rows. Throws NgError. */
export async function renderDataset(options: RenderOptions): Promise<number> {
  const rollouts = await import('./rollouts/index.js');
  return rollouts.renderDataset(options);
}

/** Folders in which relative paths of configs and datasets are looked for, in order. */
export async function searchRoots(cwd: string, env: LoadOptions['env']): Promise<string[]> {
  const config = await import('./config/index.js');
  return config.searchRoots(cwd, env);
}

/** What can be named in a config or after a selector flag: what ships, and what the search roots add. */
export async function listComponents(
  kind: ComponentKind,
  { cwd, env }: Pick<LoadOptions, 'cwd' | 'env'>,
): Promise<Component[]> {
  const [catalog, environments, servers, reference] = await Promise.all([
    import('./catalog/index.js'),
    import('./environments/index.js'),
    import('./environments/server/index.js'),
    import('./reference/index.js'),
  ]);
  const roots = await searchRoots(cwd, env);
  const python = reference.somePython({ env, cwd });
  return catalog.listComponents(kind, {
    roots,
    native: new Set(environments.environmentNames()),
    other: (server) => {
      const found = servers.findServerCode({ ...server, name: server.implementation }, roots);
      if (found === undefined) return 'needs its program';
      return python === undefined ? 'needs Python' : 'bridge';
    },
  });
}

/** Those of a kind that have a word in their name, description, tags or any other column. */
export async function searchComponents(
  kind: ComponentKind,
  word: string,
  place: Pick<LoadOptions, 'cwd' | 'env'>,
): Promise<Component[]> {
  const [catalog, all] = await Promise.all([import('./catalog/index.js'), listComponents(kind, place)]);
  return catalog.searchIn(all, word);
}

/** What to make, and where. */
export interface NewEnvironment {
  name: string;
  kind: EnvironmentKind;
  lang: Language;
  cwd: string;
}

/** Makes the folder of a new environment, which runs at once; see docs/environments.md. Throws NgError. */
export async function initEnvironment(options: NewEnvironment): Promise<Scaffold> {
  const [authoring, environments] = await Promise.all([
    import('./authoring/index.js'),
    import('./environments/index.js'),
  ]);
  return authoring.initEnvironment({ ...options, taken: new Set(environments.environmentNames()) });
}

/**
 * Plays an environment's rows, cases and recorded rollouts, and checks what sessions must keep to. `config`: the file
 * that defines it. Throws NgError.
 */
export async function testEnvironment(
  name: string,
  options: LoadOptions & { config: string; updateExpected?: boolean },
): Promise<TrialReport> {
  const authoring = await import('./authoring/index.js');
  const resolve = (initial: ConfigObject): Promise<ResolvedConfig> =>
    resolveWithoutModel({ ...options, initial: { ...options.initial, ...initial } });
  return authoring.testEnvironment({ ...options, name, resolve, host: hostServers });
}

/** JSON Schema of an environment's rows, defined in the file `config`. A program that is not built in is started and asked. Throws NgError. */
export async function environmentSchema(
  name: string,
  options: LoadOptions & { config: string },
): Promise<JsonObject> {
  const authoring = await import('./authoring/index.js');
  const initial = authoring.blocksFor(authoring.openModels(options.config), authoring.NOBODY);
  const resolved = await resolveWithoutModel({ ...options, initial: { ...initial, ...options.initial } });
  const { env, cwd } = options;
  const server = authoring.environmentServer(resolved, name);
  return authoring.environmentSchema(resolved, server, { host: hostServers, env, cwd });
}
