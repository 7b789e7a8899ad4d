import type { Flag } from './command.js';

/** Flags that several commands share. Facts: the reference's flag table. */

/** A flag's long name, without dashes. */
export function longName({ flags }: Flag): string {
  return /--([\w-]+)/.exec(flags)![1]!;
}

export const configFlag: Flag = {
  flags: '--config <path>',
  summary: 'configuration file; may be repeated, later files win',
  effect: { kind: 'config' },
};

export const searchDirFlag: Flag = {
  flags: '--search-dir <dir>',
  summary: 'look for configs and data here first; may be repeated',
  effect: { kind: 'search-dir' },
};

export const jsonFlag: Flag = {
  flags: '--json',
  summary: 'machine-readable output on stdout',
  effect: { kind: 'switch', key: 'json' },
};

export const outputFlag: Flag = {
  flags: '-o, --output <path>',
  summary: 'JSONL file to write; the other files are named after it',
  effect: { kind: 'text', key: 'output_jsonl_fpath' },
};

export const inputFlag: Flag = {
  flags: '-i, --input <path>',
  summary: 'JSONL dataset to read',
  effect: { kind: 'text', key: 'input_jsonl_fpath' },
};

export const promptConfigFlag: Flag = {
  flags: '--prompt-config <path>',
  summary: 'YAML prompt template that builds the input of each row',
  effect: { kind: 'text', key: 'prompt_config' },
};

/** In the order in which their files are merged. */
export const selectorFlags: readonly Flag[] = [
  {
    flags: '--benchmark <name>',
    summary: 'config of a benchmark: name or name/flavor',
    effect: { kind: 'asset', asset: 'benchmark' },
  },
  {
    flags: '--environment <name>',
    summary: 'config of an environment: name or name/flavor',
    effect: { kind: 'asset', asset: 'environment' },
  },
  {
    flags: '--resources-server <name>',
    summary: 'config of a resources server: name or name/flavor',
    effect: { kind: 'asset', asset: 'resources-server' },
  },
  {
    flags: '--model-type <name>',
    summary: 'config of a model server: name or name/flavor, e.g. inference_provider/together',
    effect: { kind: 'asset', asset: 'model-type' },
  },
];

export const modelFlags: readonly Flag[] = [
  {
    flags: '-m, --model <name>',
    summary: 'model identifier (policy_model_name)',
    effect: { kind: 'text', key: 'policy_model_name' },
  },
  {
    flags: '--model-url <url>',
    summary: 'base URL of the provider (policy_base_url)',
    effect: { kind: 'text', key: 'policy_base_url' },
  },
  {
    flags: '--model-api-key <key>',
    summary: 'API key (policy_api_key); env.yaml keeps it out of the process list',
    effect: { kind: 'text', key: 'policy_api_key' },
  },
];

/** The form of a report; the first of the words is the default. */
export const formatFlag = (words: string): Flag => ({
  flags: '--output-format <format>',
  summary: words,
  effect: { kind: 'option' },
});

export const matchFlag: Flag = {
  flags: '--match <how>',
  summary: 'which tasks are paired: same (default; others refuse), common, fields or index',
  effect: { kind: 'option' },
};
