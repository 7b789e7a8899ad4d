import type { CommandSpec } from './command.js';
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
import { collectParameters } from './parameters.js';

/** What each group of commands is about; shown in `ng --help`. */
export const GROUPS: Readonly<Record<string, string>> = {
  env: 'configurations and the servers that they describe',
  eval: 'collect and score rollouts',
  dataset: 'prepare datasets',
  list: 'what can be named in a config or after a flag',
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
  {
    path: ['eval', 'run'],
    summary: 'turn a dataset into scored rollouts',
    flags: [
      configFlag,
      ...selectorFlags,
      searchDirFlag,
      {
        flags: '--no-serve',
        summary: 'accepted for compatibility; nothing is served either way',
        effect: { kind: 'option' },
      },
      inputFlag,
      outputFlag,
      {
        flags: '-a, --agent <name>',
        summary: 'agent for rows that name none',
        effect: { kind: 'text', key: 'agent_name' },
      },
      {
        flags: '--limit <n>',
        summary: 'only the first n rows',
        effect: { kind: 'typed', key: 'limit' },
      },
      {
        flags: '--num-repeats <n>',
        summary: 'rollouts per row: a number, or {agent: n, _default: n}',
        effect: { kind: 'typed', key: 'num_repeats' },
      },
      {
        flags: '--concurrency <n>',
        summary: 'episodes at the same time',
        effect: { kind: 'typed', key: 'num_samples_in_parallel' },
      },
      promptConfigFlag,
      {
        flags: '--split <split>',
        summary: 'instead of --input: the datasets of this type in the config (train, validation, benchmark)',
        effect: { kind: 'text', key: 'split' },
      },
      ...modelFlags,
      {
        flags: '--temperature <t>',
        summary: 'sampling temperature of every row',
        effect: { kind: 'typed', key: 'responses_create_params.temperature' },
      },
      {
        flags: '--top-p <p>',
        summary: 'nucleus sampling of every row',
        effect: { kind: 'typed', key: 'responses_create_params.top_p' },
      },
      {
        flags: '--max-output-tokens <n>',
        summary: 'output limit of every row, in tokens',
        effect: { kind: 'typed', key: 'responses_create_params.max_output_tokens' },
      },
      {
        flags: '--resume',
        summary: 'continue what is there (also the default when the run is the same)',
        effect: { kind: 'switch', key: 'resume_from_cache' },
      },
      {
        flags: '--disable-aggregation',
        summary: 'do not write the aggregate metrics file',
        effect: { kind: 'switch', key: 'disable_aggregation' },
      },
      jsonFlag,
    ],
    parameters: collectParameters,
    examples: [
      'ng eval run --no-serve --resources-server mcqa --model-type inference_provider/together \\\n' +
        '    --agent mcqa_simple_agent --input resources_servers/mcqa/data/example.jsonl --output results/mcqa.jsonl',
    ],
    load: () => import('./commands/eval-run.js'),
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
  'env start':
    'Nothing has to be started: give the config paths to "ng eval run" or ng_collect_rollouts, which run model,\n' +
    '  agent and environment in one process. Serving them over HTTP is not part of this version.',
  'env status': 'Serving over HTTP is not part of this version: there are no servers to ask.',
  'env init':
    'Write an environment as one file and name it as the entrypoint in a config: docs/environments.md.',
  'env test': 'Test an environment with the test runner of your project: docs/environments.md.',
  'env prefetch': 'Nothing is installed at run time: there is nothing to fetch beforehand.',
  'env packages': 'All environments share the one installation: use "npm ls".',
  'env publish': 'Catalog manifests are not part of ngym.',
  'eval profile':
    'Reward profiles are not part of this version; the summary and the aggregate metrics file of a run hold\n  its metrics.',
  'eval aggregate': 'Merging the files of several runs is not part of this version.',
  'eval reverify': 'Verifying stored rollouts again is not part of this version.',
  'eval prepare':
    'Benchmark preparation scripts are Python programs: run them with the reference and give\n  their JSONL file to --input.',
  'eval submit': 'Job submission is not part of ngym: start "ng eval run" from your job script.',
  'dataset collate': 'Give the dataset file to "ng eval run --input" instead.',
  'dataset upload': 'Datasets are plain JSONL files: use the "hf" program to upload them.',
  'dataset download': 'Datasets are plain JSONL files: use the "hf" program to download them.',
  'dataset rm': 'Dataset registries are not part of ngym.',
  'dataset migrate': 'Dataset registries are not part of ngym.',
  search: 'Use "ng list environments" instead.',
  dev: 'Use "npm test" instead.',
};
