import type { Where } from './ng-error.js';
import { NgError } from './ng-error.js';
import { didYouMean } from './suggest.js';

/**
 * Every mistake of a user's that we know, one function each: what, where, how to fix. Codes are stable.
 * Sections follow the folders. A new error goes here, not where it is thrown.
 */

// --- cli -----------------------------------------------------------------------------------------------

/** `group` is the command group that was being read, empty at the top. */
export function unknownCommand(word: string, known: readonly string[], group = ''): NgError {
  const name = group === '' ? 'ng' : `ng ${group}`;
  return new NgError(
    'CLI_UNKNOWN_COMMAND',
    `Unknown command "${word}".${didYouMean(word, known)}`,
    `Run "${name} --help" for the list of commands.`,
  );
}

export function unknownFlag(flag: string, command: string, known: readonly string[]): NgError {
  const name = `ng ${command}`.trim();
  return new NgError(
    'CLI_UNKNOWN_FLAG',
    `Unknown flag "${flag}" of "${name}".${didYouMean(flag, known)}`,
    `Run "${name} --help" for its flags; other settings are given as +key=value.`,
  );
}

export function flagWithoutValue(flag: string, command: string): NgError {
  return new NgError(
    'CLI_FLAG_WITHOUT_VALUE',
    `The flag ${flag} needs a value.`,
    `Run "${`ng ${command}`.trim()} --help" for its flags.`,
  );
}

/** A command of the reference that is not here; `instead` says what to do. */
export function commandMissing(command: string, instead: string): NgError {
  return new NgError('CLI_COMMAND_MISSING', `"ng ${command}" is not available.`, instead);
}

/** A word that is neither a flag nor an override, where no name is expected. */
export function unexpectedWord(word: string, command: string): NgError {
  return new NgError(
    'CLI_UNEXPECTED_WORD',
    `Unexpected word "${word}" after "ng ${command}".`,
    `Settings are given as +key=value, e.g. +limit=5; run "ng ${command} --help" for the flags.`,
  );
}

/** A scalar given on the command line that nothing reads and that is nearly the name of a parameter. */
export function unknownParameter(key: string, near: readonly string[]): NgError {
  return new NgError(
    'CLI_UNKNOWN_PARAMETER',
    `Nothing reads the argument +${key}=….${didYouMean(key, near)}`,
    'Correct the name, or remove the argument. A key of your own is fine once a config refers to it.',
  );
}

/** A selector flag (`--benchmark x`) for which no config file exists. */
export function assetNotFound(
  flag: string,
  value: string,
  file: string,
  known: readonly string[],
  searched: readonly string[],
): NgError {
  return new NgError(
    'CLI_ASSET_NOT_FOUND',
    `${flag} ${value}: there is no ${file}.${didYouMean(value, known)}`,
    `Looked in:\n${searched.map((root) => `    ${root}`).join('\n')}\n  Add a directory with --search-dir, or name the file with --config.`,
    { key: flag },
  );
}

export function componentNotFound(kind: string, name: string, known: readonly string[]): NgError {
  return new NgError(
    'CLI_COMPONENT_NOT_FOUND',
    `There is no "${name}" among the ${kind}.${didYouMean(name, known)}`,
    `Run "ng list ${kind}" for all of them.`,
  );
}

/** A run without config files where no head server answers; `file` defines the agent, when we know one. */
export function nothingConfigured(
  agent: string | undefined,
  file: string | undefined,
  noHead: NgError,
): NgError {
  const environment = file ?? 'resources_servers/mcqa/configs/mcqa.yaml';
  const known = file === undefined || agent === undefined ? '' : ` ${agent} is defined in ${file}.`;
  return new NgError(
    'CLI_NOTHING_CONFIGURED',
    `No config paths are given, and no head server is running.${known}`,
    'Name the files of an environment and of a model; both then run in this process:\n' +
      `    "+config_paths=[${environment},responses_api_models/openai_model/configs/openai_model.yaml]"\n` +
      '  Or start servers with ng_run in another terminal, or say where they are: "++head_server.host=…"\n' +
      '  "++head_server.port=…".',
    {},
    { cause: noHead },
  );
}

export function parameterMissing(flag: string, key: string, command: string): NgError {
  return new NgError(
    'CLI_PARAMETER_MISSING',
    `"ng ${command}" needs ${key}.`,
    `Give it as ${flag}, or as +${key}=….`,
    { key },
  );
}

export function fileMissing(what: string, command: string): NgError {
  return new NgError(
    'CLI_FILE_MISSING',
    `"ng ${command}" needs ${what}.`,
    `Run "ng ${command} --help" for an example.`,
  );
}

export function flagNotWord(flag: string, value: string, known: readonly string[]): NgError {
  return new NgError(
    'CLI_FLAG_NOT_WORD',
    `"${value}" is not a value of ${flag}.${didYouMean(value, known)}`,
    `Give one of: ${known.join(', ')}.`,
  );
}

export function flagNotNumber(flag: string, value: string): NgError {
  return new NgError(
    'CLI_FLAG_NOT_NUMBER',
    `"${value}" is not a number for ${flag}.`,
    'Give a whole number, 0 or more.',
  );
}

// --- config --------------------------------------------------------------------------------------------

export * from './config/overrides.js';
export * from './config/files.js';
export * from './config/interpolation.js';
export * from './config/structure.js';

// --- models and transport ------------------------------------------------------------------------------

/** A model server's block does not fit its type. `block` is the dotted path of the block. */
export function modelConfigInvalid(
  block: string,
  problems: readonly { key: string; message: string }[],
): NgError {
  const lines = problems.map(({ key, message }) => `${block}${key === '' ? '' : `.${key}`}: ${message}`);
  return new NgError(
    'MODEL_CONFIG_INVALID',
    `The configuration of a model server is not usable:\n  ${lines.join('\n  ')}`,
    `Set it in the YAML file, in env.yaml, or with ++${block}.${problems[0]?.key ?? '<key>'}=<value>.`,
    { key: block },
  );
}

/** The first, tiny request to a model did not work; `words` are the provider's own, secrets removed. */
export function preflightFailed(model: string, modelId: string, words: string): NgError {
  return new NgError(
    'MODEL_PREFLIGHT_FAILED',
    `The model server "${model}" (model ${modelId}) cannot be used, so nothing was started:\n  ${words}`,
    'Correct base_url, api_key or model; or "+preflight=false" to start all the same.',
  );
}

export function recordingNotFound(file: string, roots: readonly string[]): NgError {
  return new NgError(
    'RECORDING_NOT_FOUND',
    `No recording "${file}". Looked in:\n  ${roots.join('\n  ')}`,
    'Give the path of a file made with +record=<path>, absolute or relative to one of these folders.',
  );
}

export function recordingUnreadable(file: string, line: number | undefined, reason: string): NgError {
  return new NgError(
    'RECORDING_UNREADABLE',
    `The recording cannot be read: ${reason}`,
    'Give a file made with +record=<path>; record it again if it is damaged.',
    { file, ...(line !== undefined && { line }) },
  );
}

// --- graph (server types, references) ------------------------------------------------------------------

const KIND_WORDS: Record<string, string> = {
  responses_api_models: 'model server',
  resources_servers: 'environment',
  responses_api_agents: 'agent',
};

/** `type` is the server type of the configuration, e.g. `resources_servers`. */
export function notBuiltIn(
  server: string,
  type: string,
  implementation: string,
  known: readonly string[],
  where: Where = {},
): NgError {
  const word = KIND_WORDS[type] ?? type;
  return new NgError(
    'GRAPH_NOT_BUILT_IN',
    `"${server}" needs the ${word} "${implementation}", which is not built in.${didYouMean(implementation, known)}`,
    `Run it in its own process and say where: "++${server}.${type}.${implementation}.base_url=http://<host>:<port>".\n  Built in: ${known.join(', ')}.`,
    { key: `${server}.${type}.${implementation}`, ...where },
  );
}

/** `type` is the server type of the configuration, e.g. `responses_api_agents`. */
export function unknownServer(name: string, type: string, known: readonly string[]): NgError {
  const word = KIND_WORDS[type] ?? type;
  return new NgError(
    'GRAPH_UNKNOWN_SERVER',
    `There is no ${word} "${name}" in the configuration.${didYouMean(name, known)}`,
    known.length === 0
      ? `The configuration defines no ${word} at all: name a config file that does (--config …).`
      : `Defined: ${known.join(', ')}.`,
  );
}

export function missingReference(server: string, field: string, known: readonly string[]): NgError {
  return new NgError(
    'GRAPH_MISSING_REFERENCE',
    `"${server}" names no ${field.replace(/_/g, ' ')}.`,
    `Give it one: "++${server}.<type>.<implementation>.${field}.name=<server>".${known.length === 0 ? '' : ` Defined: ${known.join(', ')}.`}`,
    { key: `${server}.${field}` },
  );
}

export function unknownReference(
  server: string,
  field: string,
  name: string,
  known: readonly string[],
): NgError {
  return new NgError(
    'GRAPH_UNKNOWN_REFERENCE',
    `"${server}" refers to ${field.replace(/_/g, ' ')} "${name}", which is not in the configuration.${didYouMean(name, known)}`,
    known.length === 0
      ? 'Add the config file that defines it.'
      : `Defined: ${known.join(', ')}. Or add the config file that defines "${name}".`,
    { key: `${server}.${field}.name` },
  );
}

// --- environments --------------------------------------------------------------------------------------

export function environmentConfigInvalid(
  instance: string,
  implementation: string,
  problems: readonly string[],
): NgError {
  return new NgError(
    'ENVIRONMENT_CONFIG_INVALID',
    `The configuration of environment "${instance}" does not fit "${implementation}":\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    `Correct these keys under ${instance}.resources_servers.${implementation}.`,
    { key: `${instance}.resources_servers.${implementation}` },
  );
}

/** A user's own environment file. `candidates` are the absolute paths that were tried. */
export function environmentFileNotFound(entrypoint: string, candidates: readonly string[]): NgError {
  return new NgError(
    'ENVIRONMENT_FILE_NOT_FOUND',
    `There is no environment file "${entrypoint}". Looked at:\n${candidates.map((line) => `  - ${line}`).join('\n')}`,
    'Give the path relative to the working directory, or an absolute one, as "entrypoint" of the resources server.',
  );
}

export function environmentFileFailed(file: string, cause: Error): NgError {
  return new NgError(
    'ENVIRONMENT_FILE_FAILED',
    `The environment file could not be loaded: ${cause.name}: ${cause.message}`,
    'Correct the file; "node <file>" shows where it fails.',
    { file },
    { cause },
  );
}

export function environmentFileExport(file: string, found: readonly string[]): NgError {
  return new NgError(
    'ENVIRONMENT_FILE_EXPORT',
    `The file exports no environment${found.length === 0 ? '' : ` (only ${found.join(', ')})`}.`,
    "Add: import { defineEnvironment } from 'ngym'; export default defineEnvironment({ name, tools, verify });",
    { file },
  );
}

export function typescriptMissing(file: string, nodeVersion: string): NgError {
  return new NgError(
    'TYPESCRIPT_MISSING',
    `Node ${nodeVersion} cannot read TypeScript on its own, and no compiler is installed.`,
    'Run "npm install typescript", or use Node 22.18 or later, or write the file in JavaScript (.mjs).',
    { file },
  );
}

// --- agents --------------------------------------------------------------------------------------------

export function agentConfigInvalid(
  instance: string,
  implementation: string,
  problems: readonly string[],
): NgError {
  return new NgError(
    'AGENT_CONFIG_INVALID',
    `The configuration of agent "${instance}" does not fit "${implementation}":\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    `Correct these keys under ${instance}.responses_api_agents.${implementation}.`,
    { key: `${instance}.responses_api_agents.${implementation}` },
  );
}

// --- rollouts (dataset, manifest, journal) -------------------------------------------------------------

/** At most this many problems of one kind are listed; the rest is counted. */
const LISTED = 20;

function list(problems: readonly string[], total = problems.length): string {
  const lines = problems.slice(0, LISTED).map((problem) => `    ${problem}`);
  if (total > lines.length) lines.push(`    … and ${total - lines.length} more`);
  return lines.join('\n');
}

export function invalidParameters(problems: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_PARAMETERS',
    `${problems.length === 1 ? 'A parameter is' : `${problems.length} parameters are`} missing or not valid:\n${list(problems)}`,
    'Give each as "+<key>=<value>", with its flag, or in a config file; docs/commands.md lists them.',
  );
}

export function inputNotFound(key: string, value: string, candidates: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_INPUT_NOT_FOUND',
    `There is no file "${value}". Looked for:\n${list(candidates)}`,
    `Correct ${key}${key === 'input_jsonl_fpath' ? ' (--input)' : ''}, or name another search root (--search-dir).`,
    { key },
  );
}

/** `total` counts all problems, also those that were not kept. */
export function invalidDataset(file: string, problems: readonly string[], total: number): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_DATASET',
    `${total === 1 ? 'One row' : `${total} rows`} of the dataset cannot be used; nothing was sent:\n${list(problems, total)}`,
    'Correct the lines: one JSON object per line, no blank lines, each with "responses_create_params".',
    { file },
  );
}

export function emptyDataset(file: string, limit: number | null): NgError {
  return new NgError(
    'ROLLOUTS_EMPTY_DATASET',
    limit !== null && limit < 0 ? `limit=${limit} leaves no rows to run.` : 'The dataset has no rows.',
    limit !== null && limit < 0
      ? 'Use a limit of 1 or more, or 0 for all rows.'
      : 'Name another input (--input).',
    { file },
  );
}

export function invalidPrompt(file: string, reason: string): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_PROMPT',
    `The prompt template cannot be used: ${reason}`,
    'A template is a YAML file with "user" and, if wanted, "system": text in which {field} stands for a field of the row.',
    { file, key: 'prompt_config' },
  );
}

export function invalidSkills(directory: string, reason: string): NgError {
  return new NgError(
    'ROLLOUTS_INVALID_SKILLS',
    `The skills cannot be used: ${reason}`,
    'A skills directory holds one directory per skill, each with a SKILL.md whose front matter has a "name".',
    { file: directory, key: 'skills.path' },
  );
}

export function noDatasets(split: string, found: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_NO_DATASETS',
    `No agent of the configuration declares a dataset of type "${split}".`,
    found.length === 0
      ? 'Give a dataset with --input, or declare one in the agent block ("datasets: [{name, type, jsonl_fpath}]").'
      : `Declared: ${found.join(', ')}. Choose one of them with "+split=…", or give a dataset with --input.`,
    { key: 'split' },
  );
}

export function foreignOutput(output: string): NgError {
  return new NgError(
    'ROLLOUTS_FOREIGN_OUTPUT',
    'The output exists, but there is no manifest beside it that says which run it belongs to. Nothing was changed.',
    'Choose another output; or "+overwrite=true" to move the old files aside; or "+resume_from_cache=true" to go on with a run of the reference.',
    { file: output },
  );
}

/** `differences` are lines such as `limit: 5 → 10`. */
export function differentRun(output: string, differences: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_DIFFERENT_RUN',
    `The output belongs to a different run (stored → asked for):\n${list(differences)}`,
    'Choose another output; or "+overwrite=true" to move the old files aside; or repeat the command as it was to resume.',
    { file: output },
  );
}

export function outputLocked(output: string, lock: string, holder: string, sameHost: boolean): NgError {
  return new NgError(
    'ROLLOUTS_OUTPUT_LOCKED',
    `Another run is writing to this output: ${holder}.`,
    sameHost
      ? 'Wait for it, stop it, or choose another output.'
      : `It runs on another machine. If it is dead, delete ${lock} and try again.`,
    { file: output },
  );
}

export function noRun(output: string): NgError {
  return new NgError(
    'ROLLOUTS_NO_RUN',
    'There is no run behind this output: no manifest lies beside it.',
    'Give the path that was given as --output.',
    { file: output },
  );
}

export function unknownPrices(models: readonly string[]): NgError {
  return new NgError(
    'ROLLOUTS_UNKNOWN_PRICES',
    `max_cost_usd is set, but the price of ${models.map((model) => `"${model}"`).join(', ')} is not known.`,
    'Give it in US dollars per million tokens: "++prices={\'<model>\': {input: 0.5, output: 1.5}}", or limit tokens with max_total_tokens.',
    { key: 'max_cost_usd' },
  );
}

export function damagedRun(file: string, line: number | undefined, reason: string): NgError {
  return new NgError(
    'ROLLOUTS_DAMAGED_RUN',
    `A file of the stored run cannot be used: ${reason}`,
    'Restore the file, or "+overwrite=true" to move the old files aside and start anew.',
    { file, ...(line === undefined ? {} : { line }) },
  );
}

export function reverifyOutputExists(file: string): NgError {
  return new NgError(
    'REVERIFY_OUTPUT_EXISTS',
    'The output exists. Nothing was changed.',
    'Choose another --output, --overwrite to move it aside, or --resume to go on with it.',
    { file },
  );
}

/** `environments` are lines such as `mcqa: unknown`. */
export function reverifyUnsafe(environments: readonly string[]): NgError {
  return new NgError(
    'REVERIFY_UNSAFE',
    `Stored responses cannot safely be verified again without the sessions they were made in:\n${list(environments)}`,
    'If the verifier reads nothing but row and response, say "reverifyMode: \'stateless\'" in the environment; or --force, which writes to unsafe_<output>.',
  );
}

/** `keys` are `task:rollout` pairs. */
export function reverifyOwed(file: string, keys: readonly string[], total: number): NgError {
  return new NgError(
    'REVERIFY_OWED',
    `${keys.length} of ${total} inputs have neither a result nor a failure (task:rollout):\n${list(keys)}`,
    'Finish the run first (the same "ng eval run" again), or --force to verify what is there.',
    { file },
  );
}

export function reverifyNothing(file: string, judgeFailed: boolean): NgError {
  return new NgError(
    'REVERIFY_NOTHING',
    judgeFailed
      ? 'No rollout is without a reward because its judge failed. Nothing was changed.'
      : 'There is no rollout to verify. Nothing was changed.',
    judgeFailed ? 'Leave out --judge-failed-only to verify results again.' : 'Name another rollouts file.',
    { file },
  );
}

export function reverifyForeignInputs(inputs: string, own: string): NgError {
  return new NgError(
    'REVERIFY_FOREIGN_INPUTS',
    `With --append the inputs must be those of the run itself: ${own}`,
    `Give --inputs ${own}, or an --output of its own instead of --append.`,
    { file: inputs },
  );
}

/** `differing` are lines `key: stored → asked for`. */
export function reverifyDiffers(file: string, differing: readonly string[]): NgError {
  return new NgError(
    'REVERIFY_DIFFERS',
    `The output was made from other rollouts or with other settings:\n${list(differing)}`,
    'Choose another --output, or --overwrite to move the old one aside.',
    { file },
  );
}

// --- serve ---------------------------------------------------------------------------------------------

export function cannotListen(name: string, host: string, port: number, code: string): NgError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'the port is in use by another program',
    EADDRNOTAVAIL: 'this machine has no such address',
    EACCES: 'ports below 1024 need more rights',
    ENOTFOUND: 'the host name does not resolve',
  };
  const key = name === 'head_server' ? 'head_server' : `the block of ${name}`;
  return new NgError(
    'SERVE_CANNOT_LISTEN',
    `Server "${name}" cannot listen on ${host}:${port}: ${reasons[code] ?? code}.`,
    `Stop the other program, or set another "host" or "port" in ${key} (port 0 takes a free one).`,
  );
}

export function nothingToServe(): NgError {
  return new NgError(
    'SERVE_NOTHING',
    'The configuration has no servers to start.',
    'Name config files: "+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/together.yaml]".',
  );
}

export function headNotFound(url: string, reason: string): NgError {
  return new NgError(
    'SERVE_NO_HEAD',
    `No config paths are given, and no head server answers: ${reason}`,
    `Give "+config_paths=[…]" to run everything in this process; or start the servers with ng_run in another terminal; or say where they are: "++head_server.host=… ++head_server.port=…" (asked: ${url}).`,
    { key: 'head_server' },
  );
}

export function headNeedsToken(url: string): NgError {
  return new NgError(
    'SERVE_WRONG_TOKEN',
    `The head server at ${url} wants a token, and refused ours.`,
    'Set "server_token" to the value that the servers were started with, in env.yaml or as "+server_token=…".',
    { key: 'server_token' },
  );
}

export function mcpSdkMissing(): NgError {
  return new NgError(
    'MCP_SDK_MISSING',
    'MCP needs the package @modelcontextprotocol/sdk, which is not installed.',
    'Install it beside ngym: npm install @modelcontextprotocol/sdk@1.32.2',
  );
}

export function serveSettingInvalid(key: string, wanted: string): NgError {
  return new NgError(
    'SERVE_SETTING_INVALID',
    `"${key}" is not ${wanted}.`,
    `Give it ${wanted}: "++${key}=…".`,
    {
      key,
    },
  );
}

export function tokenNeeded(name: string, host: string): NgError {
  return new NgError(
    'SERVE_TOKEN_NEEDED',
    `Server "${name}" would listen on ${host}, which other machines can reach, without a token.`,
    'Set "server_token" (at least 16 characters, in env.yaml or as "+server_token=…"), or a loopback host such as 127.0.0.1.',
    { key: 'server_token' },
  );
}

// --- metrics and reports -------------------------------------------------------------------------------

export * from './report-errors.js';
