import { setTimeout as pause } from 'node:timers/promises';
import { errors } from '../../errors/index.js';
import { EXIT } from '../exit-codes.js';
import { RemoteError } from './api.js';
import type { WordInput } from './word.js';

/** The reference's own: a wait that ends without what was waited for is 1. */
export const TIMED_OUT = 1;

/** Polls until the gateway can route to a provider. */
export async function waitProvider(input: WordInput): Promise<number> {
  const { args, options } = input;
  const seconds = (options['timeout'] as number | undefined) ?? 60;
  const interval = (options['poll-interval'] as number | undefined) ?? 1;
  return await waitForGateway(input, args[0] ?? '', seconds, interval);
}

/** Unit of both times: seconds. */
export async function waitForGateway(
  { workspace, api, host }: Pick<WordInput, 'workspace' | 'api' | 'host'>,
  name: string,
  seconds: number,
  interval: number,
): Promise<number> {
  const path = `/apis/inference-gateway/v2/workspaces/${encodeURIComponent(workspace)}/provider/${encodeURIComponent(name)}/ready`;
  host.stdout.write(`Waiting for gateway to be ready for provider '${name}'\n`);
  const end = Date.now() + seconds * 1000;
  let last = '';
  for (;;) {
    try {
      await api.call('GET', path);
      host.stdout.write('Gateway is ready!\n');
      return EXIT.complete;
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      last = error.message;
      if (error.status !== 0 && error.status !== 404 && error.status < 500) break;
    }
    const left = end - Date.now();
    if (left <= 0) break;
    await pause(Math.min(left, interval * 1000));
  }
  host.stderr.write(`Gateway timeout after ${seconds}s: ${last}\n`);
  return TIMED_OUT;
}

/** Asks nothing unless a provider or virtual model is named: that one must be there. */
export async function getUrl({ options, workspace, api, host, words }: WordInput): Promise<number> {
  const { baseUrl } = api.target;
  const at = `${baseUrl}/apis/inference-gateway/v2/workspaces/${workspace}`;
  const models = `/apis/models/v2/workspaces/${encodeURIComponent(workspace)}`;
  const { provider, 'virtual-model': virtual } = options as { provider?: string; 'virtual-model'?: string };
  if (provider !== undefined && virtual !== undefined) {
    throw errors.clientUsage('--provider and --virtual-model exclude each other.', words);
  }
  let url = `${at}/openai/-/v1`;
  if (provider !== undefined) {
    await api.call('GET', `${models}/providers/${encodeURIComponent(provider)}`);
    url = `${at}/provider/${provider}/-`;
  } else if (virtual !== undefined) {
    await api.call('GET', `${models}/models/${encodeURIComponent(virtual)}`);
    url = `${at}/model/${virtual}/-`;
  }
  host.stdout.write(`${url}\n`);
  return EXIT.complete;
}
