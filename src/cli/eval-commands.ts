import type { CommandSpec } from './command.js';
import {
  configFlag,
  formatFlag,
  inputFlag,
  jsonFlag,
  matchFlag,
  modelFlags,
  outputFlag,
  promptConfigFlag,
  searchDirFlag,
  selectorFlags,
} from './flags.js';
import { collectParameters } from './parameters.js';

/** The commands that collect rollouts and look at what was stored. */
export const EVAL_COMMANDS: readonly CommandSpec[] = [
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
        summary: 'agent that plays every row, also those that name another',
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
        summary:
          'continue what is there, the default for the same run; --resume=if-possible keeps what still fits',
        effect: { kind: 'switch', key: 'resume_from_cache' },
      },
      {
        flags: '--overwrite',
        summary: 'move the files of a former run aside and start anew',
        effect: { kind: 'switch', key: 'overwrite' },
      },
      {
        flags: '--retry-failed',
        summary: 'play failed rollouts again, whatever their kind; --retry-failed=auth,dns: only these',
        effect: { kind: 'switch', key: 'retry_failed' },
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
    path: ['eval', 'status'],
    summary: 'say what a run is doing, and what it waits for',
    flags: [outputFlag, jsonFlag],
    positional: { name: 'output', summary: 'the rollouts file of the run (or --output)' },
    examples: ['ng eval status results/mcqa.jsonl'],
    load: () => import('./commands/eval-status.js'),
  },
  {
    path: ['eval', 'aggregate'],
    summary: 'merge the rollout files of several runs and compute their metrics',
    flags: [
      configFlag,
      {
        flags: '-i, --input-glob <globs>',
        summary: 'files to merge: one pattern, or several with commas between',
        effect: { kind: 'text', key: 'input_glob' },
      },
      outputFlag,
      jsonFlag,
    ],
    parameters: [
      { key: 'merge_shards', type: 'bool, true', summary: 'write the merged file, not only its metrics' },
    ],
    examples: ["ng eval aggregate --input-glob 'results/shard*/rollouts.jsonl' --output results/all.jsonl"],
    load: () => import('./commands/eval-aggregate.js'),
  },
  {
    path: ['eval', 'profile'],
    summary: 'describe stored rewards by task and by agent, in two files',
    flags: [
      {
        flags: '--inputs <path>',
        summary: 'the <stem>_materialized_inputs.jsonl of the run',
        effect: { kind: 'text', key: 'materialized_inputs_jsonl_fpath' },
      },
      {
        flags: '--rollouts <path>',
        summary: 'the rollouts file',
        effect: { kind: 'text', key: 'rollouts_jsonl_fpath' },
      },
      jsonFlag,
    ],
    parameters: [
      {
        key: 'allow_partial_rollouts',
        type: 'bool, false',
        summary: 'profile what is there when some rollouts are missing',
      },
    ],
    examples: ['ng eval profile --inputs results/r_materialized_inputs.jsonl --rollouts results/r.jsonl'],
    load: () => import('./commands/eval-profile.js'),
  },
  {
    path: ['eval', 'reverify'],
    summary: 'verify stored responses again, with the verifiers as they are now',
    flags: [
      configFlag,
      ...selectorFlags,
      searchDirFlag,
      {
        flags: '--inputs <path>',
        summary: 'the <stem>_materialized_inputs.jsonl of the run; default: the one beside --rollouts',
        effect: { kind: 'text', key: 'materialized_inputs_jsonl_fpath' },
      },
      {
        flags: '--rollouts <path>',
        summary: 'the rollouts file',
        effect: { kind: 'text', key: 'rollouts_jsonl_fpath' },
      },
      outputFlag,
      ...modelFlags,
      {
        flags: '--concurrency <n>',
        summary: 'verifications at the same time',
        effect: { kind: 'typed', key: 'num_samples_in_parallel' },
      },
      {
        flags: '--limit <n>',
        summary: 'only the first n rollouts',
        effect: { kind: 'typed', key: 'limit' },
      },
      {
        flags: '--force',
        summary: 'also where the environment does not say that it is safe; writes unsafe_<output>',
        effect: { kind: 'switch', key: 'force' },
      },
      {
        flags: '--overwrite',
        summary: 'move an output that exists aside',
        effect: { kind: 'switch', key: 'overwrite' },
      },
      {
        flags: '--resume',
        summary: 'go on with an output of the same command',
        effect: { kind: 'switch', key: 'resume_from_cache' },
      },
      {
        flags: '--in-place',
        summary: 'replace the rewards of the run itself, keeping the former ones aside; it can then go on',
        effect: { kind: 'switch', key: 'in_place' },
      },
      {
        flags: '--judge-failed-only',
        summary:
          'keep the results; verify only what has none because its judge failed or a library was missing',
        effect: { kind: 'switch', key: 'judge_failed_only' },
      },
      {
        flags: '--append',
        summary: 'with --judge-failed-only: into the files of the run itself',
        effect: { kind: 'switch', key: 'append' },
      },
      {
        flags: '--disable-aggregation',
        summary: 'do not write the aggregate metrics file',
        effect: { kind: 'switch', key: 'disable_aggregation' },
      },
      jsonFlag,
    ],
    examples: [
      'ng eval reverify --resources-server mcqa --inputs results/r_materialized_inputs.jsonl \\\n' +
        '    --rollouts results/r.jsonl --output results/again.jsonl',
    ],
    load: () => import('./commands/eval-reverify.js'),
  },
  {
    path: ['eval', 'report'],
    summary: 'show what is stored of a run: text, Markdown, JSON, JUnit or a page',
    flags: [
      formatFlag('text, markdown, json or junit'),
      { flags: '--to <path>', summary: 'write it to a file instead of stdout', effect: { kind: 'option' } },
      {
        flags: '--by <fields>',
        summary: 'tables by these row fields, e.g. category',
        effect: { kind: 'option' },
      },
      { flags: '--html <path>', summary: 'write a page with every conversation', effect: { kind: 'option' } },
      {
        flags: '--fail-below <reward>',
        summary: 'junit: a task with a lower mean reward is a failure',
        effect: { kind: 'option' },
      },
      jsonFlag,
    ],
    positional: { name: 'output', summary: 'the rollouts file of the run' },
    examples: ['ng eval report results/mcqa.jsonl --html results/mcqa.html'],
    load: () => import('./commands/eval-report.js'),
  },
  {
    path: ['eval', 'compare'],
    summary: 'compare two runs task by task, with paired tests',
    flags: [
      matchFlag,
      {
        flags: '--flips <n>',
        summary: 'how many changed tasks to show (default 20)',
        effect: { kind: 'option' },
      },
      formatFlag('text, markdown or json'),
      jsonFlag,
    ],
    positional: { name: 'A', summary: 'the rollouts file of the baseline' },
    second: { name: 'B', summary: 'the rollouts file to compare with it' },
    examples: ['ng eval compare results/before.jsonl results/after.jsonl'],
    load: () => import('./commands/eval-compare.js'),
  },
  {
    path: ['eval', 'gate'],
    summary: 'hold a run against rules; the exit code is the verdict',
    flags: [
      { flags: '--rule <rule>', summary: "e.g. 'mean >= 0.6'; may be repeated", effect: { kind: 'list' } },
      { flags: '--rules <path>', summary: 'YAML file with more rules', effect: { kind: 'option' } },
      {
        flags: '--baseline <path>',
        summary: "rollouts file of an earlier run, for 'regression <= 0.02'",
        effect: { kind: 'option' },
      },
      matchFlag,
      formatFlag('text, markdown, json or junit'),
      jsonFlag,
    ],
    positional: { name: 'output', summary: 'the rollouts file of the run' },
    examples: ["ng eval gate results/mcqa.jsonl --rule 'mean >= 0.5' --rule 'coverage >= 95%'"],
    load: () => import('./commands/eval-gate.js'),
  },
  {
    path: ['eval', 'plan'],
    summary: 'how many more repeats or tasks would halve the interval',
    flags: [formatFlag('text, markdown or json'), jsonFlag],
    positional: { name: 'output', summary: 'the rollouts file of the run' },
    examples: ['ng eval plan results/mcqa.jsonl'],
    load: () => import('./commands/eval-plan.js'),
  },
];
