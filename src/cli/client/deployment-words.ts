import { EXIT } from '../exit-codes.js';
import { itemText } from './output.js';
import { itemFormat, showList, type Resource } from './resource-words.js';
import { waitDeployment, waitForDeployment } from './wait-deployment.js';
import { option, texts, type Word, type WordInput } from './word.js';

const models = (workspace: string): string => `/apis/models/v2/workspaces/${encodeURIComponent(workspace)}`;
const DEPLOYMENTS = 'inference deployments';
const CONFIGS = 'inference deployment-configs';

export const DEPLOYMENT_RESOURCES: readonly Resource[] = [
  {
    words: CONFIGS,
    what: 'deployment config',
    root: (workspace) => `${models(workspace)}/deployment-configs`,
    fields: [
      ...texts('engine', 'description', 'model-entity-id', 'project'),
      option('executor-config', 'json'),
      option('model-spec', 'json'),
    ],
    createOnly: ['project'],
    change: { word: 'update', method: 'POST' },
    filters: ['description', 'model-entity-id', 'name', 'project', 'workspace'],
  },
  {
    words: DEPLOYMENTS,
    what: 'deployment',
    root: (workspace) => `${models(workspace)}/deployments`,
    fields: [...texts('config', 'project'), option('config-version', 'integer')],
    createOnly: ['project'],
    change: { word: 'update', method: 'POST' },
    filters: ['config', 'model-provider-id', 'name', 'project', 'status', 'status-message', 'workspace'],
    list: [option('all-versions', 'switch')],
  },
];

const waiting = [
  option('timeout', 'integer', { short: 't', summary: 'seconds to wait at most; default 1200' }),
  option('poll-interval', 'integer', { summary: 'seconds between two looks; default 3' }),
];

const ofThing = (input: WordInput, kind: string, thing: string): string =>
  `${models(input.workspace)}/${kind}/${encodeURIComponent(thing)}`;

async function show(input: WordInput, method: string, path: string, body?: unknown): Promise<number> {
  input.host.stdout.write(itemText(await input.api.call(method, path, body), itemFormat(input)));
  return EXIT.complete;
}

async function list(input: WordInput, path: string): Promise<number> {
  input.host.stdout.write(showList(await input.api.call('GET', path), input));
  return EXIT.complete;
}

const listOptions = [
  option('stream', 'switch'),
  option('output-columns', 'text', { short: 'c' }),
  option('no-truncate', 'switch'),
];

/** `versions list NAME`, and `versions get|delete VERSION --config NAME` (`--deployment NAME`). */
function versionWords(words: string, kind: string, flag: string): Word[] {
  const at = (input: WordInput): string =>
    `${ofThing(input, kind, String(input.options[flag]))}/versions/${encodeURIComponent(input.args[0] ?? '')}`;
  const owner = option(flag, 'text', { summary: 'whose version it is', needed: true });
  return [
    {
      words: `${words} versions list`,
      summary: 'list all versions, the newest first',
      args: ['<name>'],
      options: listOptions,
      run: (input) => list(input, `${ofThing(input, kind, input.args[0] ?? '')}/versions`),
    },
    {
      words: `${words} versions get`,
      summary: 'show one version',
      args: ['<version>'],
      options: [owner],
      run: (input) => show(input, 'GET', at(input)),
    },
    {
      words: `${words} versions delete`,
      summary: 'remove one version',
      args: ['<version>'],
      options: [owner],
      async run(input) {
        await input.api.call('DELETE', at(input));
        return EXIT.complete;
      },
    },
  ];
}

async function updateStatus(input: WordInput): Promise<number> {
  const { options, args } = input;
  const given = ['status', 'status-message', 'model-provider-id'].filter((key) => options[key] !== undefined);
  const body = Object.fromEntries(given.map((key) => [key.replaceAll('-', '_'), options[key]]));
  const { version } = options as { version?: string };
  const query = version === undefined ? '' : `?version=${encodeURIComponent(version)}`;
  return await show(input, 'POST', `${ofThing(input, 'deployments', args[0] ?? '')}/status${query}`, body);
}

async function showLogs(input: WordInput): Promise<number> {
  const tail = (input.options['tail'] as number | undefined) ?? 100;
  const path = `${ofThing(input, 'deployments', input.args[0] ?? '')}/logs?tail=${tail}`;
  if (input.givenFormat !== undefined) return await show(input, 'GET', path);
  const { lines } = (await input.api.call('GET', path)) as { lines: string[] };
  input.host.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return EXIT.complete;
}

/** `deployments create --wait` goes on as `wait inference deployment` does. */
export function withWait(word: Word): Word {
  if (word.words !== `${DEPLOYMENTS} create`) return word;
  const wait = option('wait', 'switch', { summary: 'wait until it is ready' });
  return {
    ...word,
    options: [...word.options, wait, option('watch', 'switch', { summary: 'the same' }), ...waiting],
    async run(input) {
      const code = await word.run(input);
      const {
        wait: waits,
        watch,
        'input-data': data,
      } = input.options as {
        wait?: boolean;
        watch?: boolean;
        'input-data'?: { name?: string };
      };
      if (code !== EXIT.complete || (waits !== true && watch !== true)) return code;
      const name = input.args[0] ?? data?.name ?? '';
      return await waitForDeployment(input, { name, status: 'READY', gateway: true });
    },
  };
}

export const DEPLOYMENT_WORDS: readonly Word[] = [
  ...versionWords(CONFIGS, 'deployment-configs', 'config'),
  ...versionWords(DEPLOYMENTS, 'deployments', 'deployment'),
  {
    words: `${DEPLOYMENTS} list-models`,
    summary: 'list the models that a deployment serves',
    args: ['<name>'],
    options: listOptions,
    run: (input) => list(input, `${ofThing(input, 'deployments', input.args[0] ?? '')}/models`),
  },
  {
    words: `${DEPLOYMENTS} update-status`,
    summary: 'set the status of a deployment; CREATED starts one that was given up anew',
    args: ['<name>'],
    options: texts('status', 'version', 'model-provider-id', 'status-message'),
    run: updateStatus,
  },
  {
    words: `${DEPLOYMENTS} logs`,
    summary: 'show what a deployment’s server printed last',
    args: ['<name>'],
    options: [option('tail', 'integer', { summary: 'how many lines; default 100' })],
    run: showLogs,
  },
  {
    words: 'wait inference deployment',
    summary: 'wait until a deployment has a status',
    args: ['<name>'],
    options: [
      option('status', 'text', { short: 's', summary: 'READY (default), DELETED, PENDING or ERROR' }),
      option('check-gateway', 'switch', { negatable: true, summary: 'also wait until it can be routed to' }),
      ...waiting,
    ],
    run: waitDeployment,
  },
];
