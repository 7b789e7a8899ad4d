import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from '../exit-codes.js';
import { RemoteError } from './api.js';
import { TIMED_OUT, waitForGateway } from './waiting.js';
import type { WordInput } from './word.js';

interface Step {
  timestamp: string;
  status: string;
  status_message?: string;
}

interface Deployment {
  status: string;
  status_message?: string;
  status_history?: Step[];
  created_at: string;
  model_provider_id?: string | null;
}

const ENDS = ['ERROR', 'LOST'];
/** The platform may be starting again. */
const PASSING = [0, 429, 502, 503, 504];

/** Polls until a deployment has a status, and tells the history of it while it grows. */
export async function waitDeployment(input: WordInput): Promise<number> {
  const { options } = input;
  return await waitForDeployment(input, {
    name: input.args[0] ?? '',
    status: ((options['status'] as string | undefined) ?? 'READY').toUpperCase(),
    gateway: options['check-gateway'] !== false,
  });
}

export async function waitForDeployment(
  input: WordInput,
  { name, status, gateway }: { name: string; status: string; gateway: boolean },
): Promise<number> {
  const { options, workspace, api, host } = input;
  const seconds = (options['timeout'] as number | undefined) ?? 1200;
  const interval = (options['poll-interval'] as number | undefined) ?? 3;
  const path = `/apis/models/v2/workspaces/${encodeURIComponent(workspace)}/deployments/${encodeURIComponent(name)}`;
  const say = (text: string): void => void host.stdout.write(`${text}\n`);
  const fail = (text: string): number => {
    host.stderr.write(`✗ ${text}\n`);
    return TIMED_OUT;
  };
  say(`Waiting for deployment '${name}' to reach status: ${status}\n`);
  const end = Date.now() + seconds * 1000;
  let told = 0;
  let last = 'no answer';
  for (;;) {
    const found = await lookAt(input, path);
    if (found === 'absent') {
      if (status !== 'DELETED') return fail('Deployment not found');
      say(`✓ Deployment ${status}!`);
      return EXIT.complete;
    }
    if (found !== 'passing') {
      const history = found.status_history ?? [];
      for (const step of history.slice(told)) say(lineOf(step, found.created_at));
      told = history.length;
      const { status: now, status_message: message = '' } = found;
      last = message === '' ? now : `${now} - ${message}`;
      if (now === status && status !== 'DELETED') {
        say(`✓ Deployment reached ${status} status!`);
        if (status !== 'READY' || !gateway) return EXIT.complete;
        const left = Math.max(1, Math.ceil((end - Date.now()) / 1000));
        const provider = found.model_provider_id?.split('/')[1] ?? name;
        return await waitForGateway({ api, host, workspace }, provider, left, Math.min(interval, 1));
      }
      if (ENDS.includes(now) && !ENDS.includes(status))
        return fail(`Deployment entered ${now} state: ${message}`);
    }
    const left = end - Date.now();
    if (left <= 0) return fail(`Timeout after ${seconds}s. Last status: ${last}`);
    await pause(Math.min(left, interval * 1000));
  }
}

async function lookAt({ api }: WordInput, path: string): Promise<Deployment | 'absent' | 'passing'> {
  try {
    return (await api.call('GET', path)) as Deployment;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    if (error.status === 404) return 'absent';
    if (PASSING.includes(error.status)) return 'passing';
    throw error;
  }
}

/** `  [21:00:05] (+4s) Status: READY - Deployment is ready` */
function lineOf({ timestamp, status, status_message: message = '' }: Step, createdAt: string): string {
  const after = Math.floor((Date.parse(timestamp) - Date.parse(`${createdAt}Z`)) / 1000);
  const detail = message === '' ? '' : ` - ${message}`;
  return `  [${timestamp.slice(11, 19)}] (+${after}s) Status: ${status}${detail}`;
}
