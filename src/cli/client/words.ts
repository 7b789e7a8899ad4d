import { readFile } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import { EXIT } from '../exit-codes.js';
import { chat } from './chat.js';
import { configWords } from './config-words.js';
import { DEPLOYMENT_RESOURCES, DEPLOYMENT_WORDS, withWait } from './deployment-words.js';
import { itemText } from './output.js';
import { itemFormat, resourceWords, showList, type Resource } from './resource-words.js';
import { standardInput } from './standard-input.js';
import { getUrl, waitProvider } from './waiting.js';
import { option, texts, type Word, type WordInput } from './word.js';

const inference = (workspace: string): string =>
  `/apis/inference-gateway/v2/workspaces/${encodeURIComponent(workspace)}`;
const models = (workspace: string): string => `/apis/models/v2/workspaces/${encodeURIComponent(workspace)}`;
const secrets = (workspace: string): string =>
  `/apis/secrets/v2/workspaces/${encodeURIComponent(workspace)}/secrets`;

/** A value from a flag, a file or the standard input; the line end of `echo` is none of it. */
async function withValue(
  body: Record<string, unknown>,
  { options }: WordInput,
): Promise<Record<string, unknown>> {
  const file = options['from-file'];
  if (typeof file !== 'string') return body;
  const text = file === '-' ? await standardInput() : await readFile(file, 'utf8');
  return { ...body, value: text.replace(/\r?\n$/, '') };
}

const RESOURCES: readonly Resource[] = [
  {
    words: 'secrets',
    what: 'secret',
    root: secrets,
    fields: texts('value', 'description'),
    change: { word: 'update', method: 'PATCH' },
    filters: [],
    body: withValue,
  },
  {
    words: 'inference providers',
    what: 'model provider',
    root: (workspace) => `${models(workspace)}/providers`,
    fields: [
      ...texts(
        'host-url',
        'api-key-secret-name',
        'auth-header-format',
        'description',
        'model-deployment-id',
        'project',
      ),
      ...texts('status', 'status-message'),
      option('enabled-models', 'list'),
      ...['default-extra-body', 'default-extra-headers', 'required-extra-body', 'required-extra-headers'].map(
        (name) => option(name, 'json'),
      ),
    ],
    change: { word: 'update', method: 'PUT' },
    filters: ['description', 'host-url', 'model-deployment-id', 'name', 'project', 'status', 'workspace'],
  },
  {
    words: 'inference virtual-models',
    what: 'virtual model',
    root: (workspace) => `${inference(workspace)}/virtual-models`,
    fields: [
      ...texts('default-model-entity', 'override-proxy'),
      option('autoprovisioned', 'switch'),
      ...['models', 'request-middleware', 'response-middleware', 'post-response-middleware'].map((name) =>
        option(name, 'json'),
      ),
    ],
    change: { word: 'patch', method: 'PATCH' },
    filters: ['default-model-entity', 'guardrail-config', 'name', 'project', 'workspace'],
    list: [option('exclude-autoprovisioned', 'switch')],
    remove: [option('expected-db-version', 'integer')],
  },
  {
    words: 'inference prompts',
    what: 'prompt',
    root: (workspace) => `${models(workspace)}/prompts`,
    fields: [
      ...texts('description', 'project', 'tool-choice'),
      option('input-variables', 'list'),
      option('tags', 'list'),
      ...['inference-params', 'messages', 'response-format', 'tools'].map((name) => option(name, 'json')),
    ],
    change: { word: 'update', method: 'PUT' },
    filters: ['description', 'name', 'project', 'workspace'],
  },
  {
    words: 'models',
    what: 'model',
    root: (workspace) => `${models(workspace)}/models`,
    fields: [
      ...texts('backend-format', 'base-model', 'description', 'fileset', 'finetuning-type', 'project'),
      option('model-providers', 'list'),
      option('trust-remote-code', 'switch'),
      ...['api-endpoint', 'custom-fields', 'ownership', 'prompt', 'spec'].map((name) => option(name, 'json')),
    ],
    createOnly: ['project'],
    change: { word: 'update', method: 'PATCH' },
    filters: [
      'adapters',
      'base-model',
      'description',
      'fileset',
      'finetuning-type',
      'lora-enabled',
      'name',
      'project',
      'prompt',
      'workspace',
    ],
    list: [option('verbose', 'switch')],
  },
  {
    words: 'workspaces',
    what: 'workspace',
    root: () => '/apis/entities/v2/workspaces',
    fields: texts('description'),
    change: { word: 'update', method: 'PUT' },
    filters: [],
  },
  {
    words: 'tokens',
    what: 'token of a workspace',
    root: (workspace) => `/apis/ngym/v2/workspaces/${encodeURIComponent(workspace)}/tokens`,
    fields: texts('scope', 'description'),
    filters: [],
  },
];

const fromFile = option('from-file', 'path', {
  summary: 'read the value from a file; "-" is the standard input',
});

/** `secrets create` and `update` also read the value from a file. */
function withFile(word: Word): Word {
  return /^secrets (create|update)$/.test(word.words)
    ? { ...word, options: [...word.options, fromFile] }
    : word;
}

async function show(input: WordInput, path: string, method = 'GET', body?: unknown): Promise<number> {
  input.host.stdout.write(itemText(await input.api.call(method, path, body), itemFormat(input)));
  return EXIT.complete;
}

const name = ({ args }: WordInput): string => encodeURIComponent(args[0] ?? '');

/** `inference gateway provider post v1/chat/completions my-provider --body '{…}'`, for each route and method. */
function gatewayWords(): Word[] {
  return ['model', 'provider', 'openai'].flatMap((route) =>
    ['get', 'post', 'put', 'patch', 'delete'].map((method): Word => {
      const named = route !== 'openai';
      return {
        words: `inference gateway ${route} ${method}`,
        summary: `send a ${method.toUpperCase()} through the ${route} route`,
        args: ['<trailing_uri>', ...(named ? ['[name]'] : [])],
        options: [...(named ? texts('name') : []), option('body', 'json'), option('input-data', 'json')],
        async run(input) {
          const of = (input.options['name'] as string | undefined) ?? input.args[1];
          if (named && of === undefined)
            throw errors.clientUsage('A NAME is needed, as a word or as --name.', input.words);
          const at = named ? `${route}/${encodeURIComponent(of ?? '')}` : route;
          const path = `${inference(input.workspace)}/${at}/-/${encodeURIComponent(input.args[0] ?? '')}`;
          const body = input.options['body'] ?? input.options['input-data'];
          return await show(input, path, method.toUpperCase(), body);
        },
      };
    }),
  );
}

const MODEL_LIST = (input: WordInput): string => `${inference(input.workspace)}/openai/-/v1/models`;

function openaiModels(words: string): Word[] {
  return [
    {
      words: `${words} list`,
      summary: 'list what can be named as "model"',
      options: [
        option('stream', 'switch'),
        option('output-columns', 'text', { short: 'c' }),
        option('no-truncate', 'switch'),
      ],
      async run(input) {
        input.host.stdout.write(showList(await input.api.call('GET', MODEL_LIST(input)), input));
        return EXIT.complete;
      },
    },
    {
      words: `${words} get`,
      summary: 'show one of them',
      args: ['<name>'],
      options: [],
      run: (input) => show(input, `${MODEL_LIST(input)}/${name(input)}`),
    },
  ];
}

/** Every command of the platform's client, by its words. */
export const WORDS: readonly Word[] = [
  ...[...RESOURCES, ...DEPLOYMENT_RESOURCES].flatMap(resourceWords).map(withFile).map(withWait),
  ...DEPLOYMENT_WORDS,
  {
    words: 'secrets access',
    summary: 'show the value of a secret',
    args: ['<name>'],
    options: [],
    run: (input) => show(input, `${secrets(input.workspace)}/${name(input)}/access`),
  },
  {
    words: 'secrets admin rotate-encryption-keys',
    summary: 'put every secret under the present master key',
    options: [],
    run: (input) => show(input, '/apis/secrets/v2/rotate-encryption-keys', 'POST'),
  },
  {
    words: 'inference providers update-status',
    summary: 'set the status of a model provider',
    args: ['<name>'],
    options: [...texts('model-deployment-id', 'status', 'status-message'), option('served-models', 'json')],
    run: (input) => {
      const body = Object.fromEntries(
        ['model-deployment-id', 'status', 'status-message', 'served-models']
          .filter((key) => input.options[key] !== undefined)
          .map((key) => [key.replaceAll('-', '_'), input.options[key]]),
      );
      return show(input, `${models(input.workspace)}/providers/${name(input)}/status`, 'PUT', body);
    },
  },
  {
    words: 'inference gateway provider ready',
    summary: 'tell whether a provider can be routed to',
    args: ['<name>'],
    options: [],
    run: (input) => show(input, `${inference(input.workspace)}/provider/${name(input)}/ready`),
  },
  {
    words: 'inference virtual-models usage',
    summary: 'show the requests, tokens and cost that were counted',
    args: ['<name>'],
    options: [],
    run: (input) => show(input, `${inference(input.workspace)}/virtual-models/${name(input)}/usage`),
  },
  ...gatewayWords(),
  ...openaiModels('inference models'),
  ...openaiModels('inference gateway openai v1 models'),
  {
    words: 'inference get-url',
    summary: 'print the base URL for clients',
    options: texts('provider', 'virtual-model'),
    run: getUrl,
  },
  {
    words: 'wait inference provider',
    summary: 'wait until a provider can be routed to',
    args: ['<name>'],
    options: [option('timeout', 'integer', { short: 't' }), option('poll-interval', 'integer')],
    run: waitProvider,
  },
  {
    words: 'chat',
    summary: 'send a prompt to a model',
    args: ['<model>', '[prompt]'],
    options: [
      option('provider'),
      option('temperature', 'number'),
      option('max-tokens', 'integer'),
      option('system-message'),
      option('interactive', 'switch', { short: 'i', summary: 'go on with what is typed, until "exit"' }),
    ],
    run: chat,
  },
  ...configWords,
];
