import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../errors/index.js';
import type { EnvironmentKind, Language } from './kinds.js';
import { OF_KIND } from './kinds.js';
import { recordedAnswers } from './offline.js';

export interface InitOptions {
  name: string;
  kind: EnvironmentKind;
  lang: Language;
  cwd: string;
  /** Names that mean something already. */
  taken: ReadonlySet<string>;
}

/** What was made. */
export interface Scaffold {
  name: string;
  kind: EnvironmentKind;
  lang: Language;
  /** Absolute. */
  folder: string;
  /** Below the folder. */
  files: string[];
  agent: string;
}

const SCAFFOLD = path.resolve(import.meta.dirname, '../../data/scaffold');
/** The name in what ships. */
const STAND_IN = 'my_environment';

/** A name becomes a folder, a key of YAML, and a part of other names. */
const NAME = /^[a-z][a-z0-9_]{0,63}$/;

function configText({ name, kind, lang }: InitOptions, agent: string): string {
  const { summary, block } = OF_KIND[kind];
  const entrypoint = lang === 'ts' ? `resources_servers/${name}/environment.ts` : 'app.py';
  return [
    `# ${summary}`,
    `${name}:`,
    '  resources_servers:',
    `    ${name}:`,
    `      entrypoint: ${entrypoint}`,
    '      domain: other',
    `      description: ${JSON.stringify(summary)}`,
    '      reward_range: [0, 1]',
    ...block,
    `${agent}:`,
    '  responses_api_agents:',
    `    ${OF_KIND[kind].agent}:`,
    '      entrypoint: app.py',
    `      resources_server: { type: resources_servers, name: ${name} }`,
    '      model_server: { type: responses_api_models, name: policy_model }',
    '      datasets:',
    `        - { name: example, type: example, jsonl_fpath: resources_servers/${name}/data/example.jsonl }`,
    '',
  ].join('\n');
}

const offlineText = (name: string): string =>
  [
    '# Recorded answers in place of a model: no key, no network.',
    'policy_model:',
    '  responses_api_models:',
    '    inference_provider:',
    '      entrypoint: app.py',
    `      base_url: embedded:resources_servers/${name}/data/answers.jsonl`,
    '      api_key: no-key-needed',
    '      model: recorded',
    '',
  ].join('\n');

async function filesOf(options: InitOptions, agent: string): Promise<Map<string, string>> {
  const { name, kind, lang } = options;
  const code = lang === 'ts' ? 'environment.ts' : 'app.py';
  const shipped = async (file: string): Promise<string> =>
    (await readFile(path.join(SCAFFOLD, file), 'utf8')).replaceAll(STAND_IN, name);
  const readme = (await shipped('README.md'))
    .replaceAll('MY_SUMMARY', OF_KIND[kind].summary)
    .replaceAll('MY_AGENT', OF_KIND[kind].agent)
    .replaceAll('MY_CODE', code);
  const talks = JSON.parse(await shipped(`${kind}/talks.json`)) as Parameters<typeof recordedAnswers>[0];
  return new Map([
    [code, await shipped(`${kind}/${code}`)],
    ...(lang === 'py' ? [['server.py', await shipped('server.py')] as const] : []),
    [`configs/${name}.yaml`, configText(options, agent)],
    ['configs/offline.yaml', offlineText(name)],
    ['data/example.jsonl', await shipped(`${kind}/example.jsonl`)],
    ['data/answers.jsonl', recordedAnswers(talks)],
    ['tests/cases.jsonl', await shipped(`${kind}/cases.jsonl`)],
    ['README.md', readme],
  ]);
}

/**
 * Makes the folder of a new environment, `resources_servers/<name>` below the working directory, which runs at once:
 * code, configuration, five rows, a test. Throws NgError for a name that cannot be one, or that is taken.
 */
export async function initEnvironment(options: InitOptions): Promise<Scaffold> {
  const { name, kind, lang, cwd, taken } = options;
  if (!NAME.test(name)) throw errors.environmentNameInvalid(name);
  if (taken.has(name)) throw errors.environmentNameTaken(name);
  const folder = path.join(cwd, 'resources_servers', name);
  if (existsSync(folder)) throw errors.environmentFolderThere(folder);
  const agent = `${name}_${OF_KIND[kind].agent}`;
  const files = await filesOf(options, agent);
  for (const [file, text] of files) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text, { flag: 'wx' });
  }
  return { name, kind, lang, folder, files: [...files.keys()], agent };
}
