import type { CommandSpec, Flag } from './command.js';
import { EVAL_COMMANDS } from './eval-commands.js';
import {
  configFlag,
  inputFlag,
  jsonFlag,
  modelFlags,
  outputFlag,
  promptConfigFlag,
  searchDirFlag,
  selectorFlags,
} from './flags.js';
import { serveParameters } from './parameters.js';

/** What each group of commands is about; shown in `ng --help`. */
export const GROUPS: Readonly<Record<string, string>> = {
  env: 'configurations and the servers that they describe',
  eval: 'collect and score rollouts',
  dataset: 'prepare datasets',
  list: 'what can be named in a config or after a flag',
  platform: 'the service of secrets, providers, models and their gateway',
};

/** As the reference names the environment; the word after the command does the same. */
const resourcesServerOption: Flag = {
  flags: '--resources-server <name>',
  summary: 'the name, as a flag',
  effect: { kind: 'option' },
};

const listOf = (kind: string, what: string): CommandSpec => ({
  path: ['list', kind],
  summary: `list ${what}, or show one`,
  flags: [jsonFlag, searchDirFlag],
  positional: { name: 'name', summary: 'show this one in full' },
  load: () => import('./commands/list.js'),
});

/** Every command, in the order of the help text. A new command is one file and one entry. */
export const COMMANDS: readonly CommandSpec[] = [
  ...EVAL_COMMANDS,
  {
    path: ['env', 'start'],
    summary: 'serve every part of a configuration over HTTP until Ctrl-C',
    flags: [configFlag, ...selectorFlags, ...modelFlags, searchDirFlag, jsonFlag],
    parameters: serveParameters,
    examples: ['ng env start --resources-server mcqa --model-type inference_provider/together'],
    load: () => import('./commands/env-start.js'),
  },
  {
    path: ['env', 'status'],
    summary: 'list the servers that run, and whether they answer',
    flags: [jsonFlag],
    load: () => import('./commands/env-status.js'),
  },
  {
    path: ['env', 'resolve'],
    summary: 'print the merged configuration, secrets masked',
    flags: [
      configFlag,
      ...selectorFlags,
      ...modelFlags,
      searchDirFlag,
      {
        flags: '--explain <key>',
        summary: 'print one value, where it came from and what it replaced',
        effect: { kind: 'option' },
      },
    ],
    examples: ['ng env resolve --resources-server mcqa --model-type openai_model --explain policy_model'],
    load: () => import('./commands/env-resolve.js'),
  },
  {
    path: ['env', 'validate'],
    summary: 'check a configuration without starting anything',
    flags: [configFlag, ...selectorFlags, ...modelFlags, searchDirFlag, jsonFlag],
    load: () => import('./commands/env-validate.js'),
  },
  {
    path: ['env', 'init'],
    summary: 'make a new environment: code, configuration, five rows and a test, ready to run',
    flags: [
      {
        flags: '--kind <kind>',
        summary: 'how it scores: verifier (default), tools, judge or turns',
        effect: { kind: 'option' },
      },
      { flags: '--lang <lang>', summary: 'ts (default) or py', effect: { kind: 'option' } },
      resourcesServerOption,
      jsonFlag,
    ],
    positional: { name: 'name', summary: 'its name, and that of its folder in resources_servers' },
    examples: ['ng env init my_environment --kind tools'],
    load: () => import('./commands/env-init.js'),
  },
  {
    path: ['env', 'test'],
    summary: 'play the cases and recorded rollouts of an environment, and check what sessions must keep to',
    flags: [
      { flags: '--all', summary: 'every environment of the working directory', effect: { kind: 'option' } },
      {
        flags: '--update-expected',
        summary: 'write what comes out as what is expected',
        effect: { kind: 'switch', key: 'update_expected' },
      },
      resourcesServerOption,
      searchDirFlag,
      jsonFlag,
    ],
    positional: { name: 'name', summary: 'the environment, as --resources-server takes it' },
    examples: ['ng env test my_environment'],
    load: () => import('./commands/env-test.js'),
  },
  {
    path: ['env', 'schema'],
    summary: 'print what a row of an environment must be, as JSON Schema',
    flags: [resourcesServerOption, searchDirFlag],
    positional: { name: 'name', summary: 'the environment, as --resources-server takes it' },
    examples: ['ng env schema mcqa'],
    load: () => import('./commands/env-schema.js'),
  },
  {
    path: ['env', 'add'],
    summary: "unpack a wheel of servers (NeMo Gym's): its configs, data and programs can be named then",
    flags: [jsonFlag],
    positional: { name: 'wheel', summary: 'the .whl file' },
    examples: [
      'pip download --no-deps --ignore-requires-python nemo-gym && ng env add nemo_gym-0.7.0-py3-none-any.whl',
    ],
    load: () => import('./commands/env-add.js'),
  },
  {
    path: ['env', 'prefetch'],
    summary: 'make a virtual environment for each Python server of a configuration, with uv',
    flags: [configFlag, ...selectorFlags, ...modelFlags, searchDirFlag, jsonFlag],
    examples: ['ng env prefetch --resources-server math_with_judge'],
    load: () => import('./commands/env-prefetch.js'),
  },
  {
    path: ['dataset', 'render'],
    summary: 'write a dataset with its prompt template filled in',
    flags: [inputFlag, promptConfigFlag, outputFlag, searchDirFlag],
    load: () => import('./commands/dataset-render.js'),
  },
  listOf('benchmarks', 'benchmarks'),
  listOf('environments', 'environments'),
  listOf('agents', 'agents'),
  listOf('models', 'model servers'),
  listOf('resources-servers', 'resources servers'),
  {
    path: ['search'],
    summary: 'find what has a word in its name, description or tags',
    flags: [jsonFlag, searchDirFlag],
    positional: { name: 'kind', summary: 'what ng list takes (environments); may be left out' },
    second: { name: 'word', summary: 'what to look for' },
    examples: ['ng search math'],
    load: () => import('./commands/search.js'),
  },
  {
    path: ['platform', 'start'],
    summary: 'serve secrets, providers and models, and the gateway to them, until Ctrl-C',
    flags: [
      { flags: '--host <address>', summary: 'address to listen on (127.0.0.1)', effect: { kind: 'option' } },
      {
        flags: '--port <number>',
        summary: 'port to listen on (8080; 0 takes a free one)',
        effect: { kind: 'option' },
      },
      {
        flags: '--database <place>',
        summary: 'a file for SQLite, or postgres://… (~/.local/share/ngym/platform.db)',
        effect: { kind: 'option' },
      },
      {
        flags: '--allow-hosts <names>',
        summary: 'the only hosts that providers may have, separated by commas; *.example.com for those below',
        effect: { kind: 'option' },
      },
      {
        flags: '--middleware <file>',
        summary: 'a middleware of your own that virtual models may name; may be given several times',
        effect: { kind: 'list' },
      },
      {
        flags: '--deployments <kinds>',
        summary: 'run models: process, docker, external, separated by commas; default: none',
        effect: { kind: 'option' },
      },
      {
        flags: '--allow-programs <names>',
        summary: 'programs that process deployments may start, separated by commas; * for all',
        effect: { kind: 'option' },
      },
      {
        flags: '--allow-images <names>',
        summary: 'images that docker deployments may run (nvcr.io/nim/*,vllm/vllm-openai)',
        effect: { kind: 'option' },
      },
      jsonFlag,
    ],
    examples: ['ng platform start --port 8080'],
    load: () => import('./commands/platform-start.js'),
  },
  {
    path: ['platform', 'status'],
    summary: 'tell whether a platform answers, and what it serves',
    flags: [
      {
        flags: '--base-url <url>',
        summary: 'where it is; default: NMP_BASE_URL, the saved settings, http://localhost:8080',
        effect: { kind: 'option' },
      },
      jsonFlag,
    ],
    load: () => import('./commands/platform-status.js'),
  },
  {
    path: ['version'],
    summary: 'print the version',
    flags: [jsonFlag],
    hidden: true,
    load: () => import('./commands/version.js'),
  },
];

/**
 * Commands of the reference that are not here, and what to do instead. They are not listed in help.
 * Keys are the words of the command, or of a group of commands.
 */
export const MISSING: Readonly<Record<string, string>> = {
  'env packages': 'All environments share the one installation: use "npm ls".',
  'env publish': 'Catalog manifests are not part of ngym.',
  'eval prepare':
    'Benchmark preparation scripts are Python programs: run them with the reference and give\n  their JSONL file to --input.',
  'eval health-check':
    'A run counts what failed by kind and keeps it out of the rewards: see it with "ng eval report <rollouts>",\n  and hold it to a limit with "ng eval gate <rollouts> --rule \'coverage >= 95%\'".',
  'eval export':
    'Rollouts are JSONL as they are (docs/data-format.md); runs go to MLflow, W&B and OpenTelemetry: docs/exporters.md.',
  'eval submit': 'Job submission is not part of ngym: start "ng eval run" from your job script.',
  'dataset collate': 'Give the dataset file to "ng eval run --input" instead.',
  'dataset upload': 'Datasets are plain JSONL files: use the "hf" program to upload them.',
  'dataset download': 'Datasets are plain JSONL files: use the "hf" program to download them.',
  'dataset rm': 'Dataset registries are not part of ngym.',
  'dataset migrate': 'Dataset registries are not part of ngym.',
  dev: 'Use "npm test" instead.',
};
