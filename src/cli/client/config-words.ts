import { errors } from '../../errors/index.js';
import { EXIT } from '../exit-codes.js';
import { itemText } from './output.js';
import { changeContext, readConfig, writeConfig, type ClientConfig } from './settings.js';
import { option, texts, type Word, type WordInput } from './word.js';

const currentOf = (config: ClientConfig, { host }: WordInput): string =>
  host.env['NMP_CURRENT_CONTEXT'] ?? config.current_context ?? 'default';

/** Tokens are named, not shown. */
function shown(config: ClientConfig): ClientConfig {
  return {
    ...config,
    users: config.users.map((user) =>
      user.token === undefined ? user : { ...user, token: '***REDACTED***' },
    ),
  };
}

async function set(input: WordInput): Promise<number> {
  const { options, host, words } = input;
  const url = options['base-url'] as string | undefined;
  if (url !== undefined && !/^https?:\/\/[^/]+/.test(url)) {
    throw errors.clientUsage(
      `"${url}" is no address: give one with its scheme, e.g. http://127.0.0.1:8080.`,
      words,
    );
  }
  const preferences = {
    ...(options['output-format'] !== undefined && { output_format: options['output-format'] }),
    ...(options['timestamp-format'] !== undefined && { timestamp_format: options['timestamp-format'] }),
    ...(options['truncate'] !== undefined && { truncate: options['truncate'] }),
  };
  const name = options['context'] as string | undefined;
  const before = await readConfig(host.env);
  const after = changeContext(before, name, {
    baseUrl: url,
    workspace: options['workspace'] as string | undefined,
    token: (options['access-token'] ?? options['api-key']) as string | undefined,
    preferences,
  });
  const active =
    options['activate'] === true && name !== undefined ? { ...after, current_context: name } : after;
  await writeConfig(host.env, active);
  host.stdout.write(`Configuration of context "${name ?? currentOf(after, input)}" is written.\n`);
  return EXIT.complete;
}

async function view(input: WordInput): Promise<number> {
  const config = shown(await readConfig(input.host.env));
  const current = currentOf(config, input);
  const context = config.contexts.find(({ name }) => name === current);
  const part = {
    current_context: current,
    context: context ?? null,
    cluster: config.clusters.find(({ name }) => name === context?.cluster) ?? null,
    user: config.users.find(({ name }) => name === context?.user) ?? null,
  };
  const format = input.format ?? 'yaml';
  input.host.stdout.write(itemText(input.options['all-contexts'] === true ? config : part, format));
  return EXIT.complete;
}

async function use(input: WordInput): Promise<number> {
  const config = await readConfig(input.host.env);
  const name = input.args[0] ?? '';
  const known = config.contexts.map((each) => each.name);
  if (!known.includes(name)) throw errors.contextUnknown(name, known);
  await writeConfig(input.host.env, { ...config, current_context: name });
  input.host.stdout.write(`Context "${name}" is used from now on.\n`);
  return EXIT.complete;
}

async function remove(input: WordInput): Promise<number> {
  const config = await readConfig(input.host.env);
  const name = input.args[0] ?? '';
  const gone = config.contexts.find((each) => each.name === name);
  if (gone === undefined)
    throw errors.contextUnknown(
      name,
      config.contexts.map((each) => each.name),
    );
  const contexts = config.contexts.filter((each) => each !== gone);
  const { current_context: current, ...rest } = config;
  const orphan = (key: 'cluster' | 'user', each: { name: string }): boolean =>
    input.options['prune-orphans'] === true &&
    each.name === gone[key] &&
    !contexts.some((other) => other[key] === each.name);
  await writeConfig(input.host.env, {
    ...(current !== undefined && current !== name && { current_context: current }),
    ...rest,
    contexts,
    clusters: config.clusters.filter((each) => !orphan('cluster', each)),
    users: config.users.filter((each) => !orphan('user', each)),
  });
  input.host.stdout.write(`Context "${name}" is removed.\n`);
  return EXIT.complete;
}

export const configWords: readonly Word[] = [
  {
    words: 'config set',
    summary: 'save where the platform is, and as whom to ask',
    options: [
      ...texts('access-token', 'api-key', 'context', 'timestamp-format'),
      option('activate', 'switch'),
      option('truncate', 'switch', { negatable: true }),
    ],
    run: set,
  },
  {
    words: 'config view',
    summary: 'show what is saved',
    options: [option('all-contexts', 'switch')],
    run: view,
  },
  {
    words: 'config current-context',
    summary: 'print the context that is used',
    options: [],
    async run(input) {
      input.host.stdout.write(`${currentOf(await readConfig(input.host.env), input)}\n`);
      return EXIT.complete;
    },
  },
  {
    words: 'config use-context',
    summary: 'use another context',
    args: ['<context_name>'],
    options: [],
    run: use,
  },
  {
    words: 'config delete-context',
    summary: 'forget a context',
    args: ['<context_name>'],
    options: [option('prune-orphans', 'switch')],
    run: remove,
  },
];
