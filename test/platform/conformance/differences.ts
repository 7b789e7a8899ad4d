import { isDeepStrictEqual } from 'node:util';
import type { Played } from './play.js';
import { asReferenceStream } from './python.js';
import type { UpstreamRequest } from './scenario.js';

/** Where we answer otherwise on purpose: which steps, and why ours is better. A rule never names one step alone. */
export interface Difference {
  readonly reason: string;
  readonly covers: (played: Played) => boolean;
}

const recorded = ({ step }: Played): number => step.response?.status ?? 0;
const only = ({ unequal }: Played, ...parts: string[]): boolean =>
  unequal.every((part) => parts.includes(part));
const wantedText = ({ step }: Played): string => JSON.stringify(step.response ?? null);
const upstreamOf = ({ step }: Played): UpstreamRequest | undefined => step.upstream?.[0];

/** Of the gateway, in the documents of an earlier version. */
const OLDER_PREFIX = /^\/v2\/workspaces\/[^/]+\/inference\/gateway\//;
const isPadded = (value: unknown): boolean => typeof value === 'string' && value !== value.trim();

const OTHERS = /\/entities\/model_provider/;

/** Things that are not built yet: their steps are counted by themselves. */
export function notBuilt({ step }: Played): boolean {
  return OTHERS.test(step.request.path);
}

/** Where the reference keeps the files of a set. */
const FILES = /\$\{HOME\}\/\.local\/share\/nemo\/files\/filesets\//g;

function withoutType(request: UpstreamRequest | undefined): unknown {
  return { ...request, headers: { ...request?.headers, 'content-type': undefined } };
}

/** Where the same request, put by a client in one dialect, is answered by a back end that has another. */
function isTranslated({ step, upstream, response }: Played): boolean {
  const asked = /\/-\/v1\/(chat\/completions|messages)$/.exec(step.request.path)?.[1];
  if (asked === undefined || !/\/(openai|model\/[^/]+)\/-\//.test(step.request.path)) return false;
  const sent = upstream[0]?.path;
  if (sent !== undefined) return !sent.endsWith(asked);
  // What has no messages cannot be put in another dialect.
  return response.status === 400 && /message/.test(JSON.stringify(response.body));
}

function callsTranslator({ scenario, step }: Played): boolean {
  const inList = scenario.steps.some(({ request }) =>
    JSON.stringify(request.body ?? null).includes('nemo-switchyard'),
  );
  return inList && /\/-\/v1\//.test(step.request.path);
}

export const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'no 500: what is wrong with a request is said with 4xx, and what is right is done',
    covers: (played) => recorded(played) === 500 && played.response.status < 500,
  },
  {
    reason:
      'events reach the client as the provider wrote them (`event:`, `id:`, comments); what the reference leaves of them is in there',
    covers: ({ step, response, unequal }) =>
      unequal.length === 1 &&
      unequal[0] === 'text' &&
      asReferenceStream(response.text ?? '') === step.response?.text,
  },
  {
    reason: 'whole replies keep the form that the provider gave them; only the name of the model is changed',
    covers: (played) => {
      if (!only(played, 'text', 'headers') || recorded(played) !== 200) return false;
      if (!/json/.test(played.response.headers?.['content-type'] ?? '')) return false;
      try {
        return isDeepStrictEqual(
          JSON.parse(played.response.text ?? ''),
          JSON.parse(played.step.response?.text ?? ''),
        );
      } catch {
        return false;
      }
    },
  },
  {
    reason: 'the body of a GET or DELETE is passed on, not only announced',
    covers: (played) =>
      only(played, 'upstream') && upstreamOf(played)?.announced_but_absent_body_bytes !== undefined,
  },
  {
    reason:
      'a body without a type gets none made up (application/octet-stream), and one that is made here is called JSON',
    covers: (played) =>
      only(played, 'upstream') &&
      upstreamOf(played)?.headers['content-type'] === 'application/octet-stream' &&
      isDeepStrictEqual(withoutType(upstreamOf(played)), withoutType(played.upstream[0])),
  },
  {
    reason:
      'a Chat or Messages request reaches a back end of the other dialect translated, on every route by model name',
    covers: isTranslated,
  },
  {
    reason:
      'translation needs no plugin: with it listed, requests of the back end’s own dialect pass untouched, all others are translated both ways',
    covers: callsTranslator,
  },
  {
    reason: 'a plugin’s types are those that are here',
    covers: (played) =>
      only(played, 'body') && wantedText(played).includes("Supported: ['random_routing', 'translate']"),
  },
  {
    reason: 'a template for the key gives one header, not lines inside of another',
    covers: (played) =>
      only(played, 'upstream') &&
      Object.values(upstreamOf(played)?.headers ?? {}).some((value) => value.includes('\r\n')),
  },
  {
    reason: 'white space around a key (a newline of `echo`) is not sent, so that such a secret works',
    covers: ({ scenario, response, step }) =>
      scenario.steps.some(({ request }) =>
        isPadded((request.body as { value?: unknown } | undefined)?.value),
      ) &&
      (JSON.stringify(response.body).includes('READY') ||
        (response.status === 200 && /\/ready$/.test(step.request.path))),
  },
  {
    reason: 'names do not end in a newline',
    covers: ({ scenario, step }) => {
      const made = scenario.steps.find(({ request }) => /\\n"/.test(JSON.stringify(request.body ?? null)));
      return made !== undefined && (made === step || step.request.method === 'GET');
    },
  },
  {
    reason: 'values of secrets are never in an answer but that of `access`',
    covers: (played) => only(played, 'body') && JSON.stringify(played.response.body).includes('"**********"'),
  },
  {
    reason: 'a secret may be given as `data` too, as the documents print it',
    covers: ({ scenario, step }) => {
      const given = scenario.steps.some(
        ({ request }) => (request.body as { data?: unknown } | undefined)?.data !== undefined,
      );
      return given && /\/secrets$/.test(step.request.path);
    },
  },
  {
    reason: 'a deleted workspace is gone with all that was in it, its secrets first',
    covers: ({ response }) =>
      response.status === 404 && /Workspace '\$\{WS\d?\}' not found/.test(JSON.stringify(response.body)),
  },
  {
    reason: 'a filter on `prompt` finds those that have one',
    covers: ({ step }) => step.request.path.includes('filter[prompt]='),
  },
  {
    reason: 'a set of files that is kept here is told of relative to the platform’s own folder',
    covers: (played) =>
      only(played, 'body') &&
      isDeepStrictEqual(
        JSON.parse(JSON.stringify(played.step.response?.body ?? null).replace(FILES, 'filesets/')),
        played.response.body,
      ),
  },
  {
    reason: 'the words on a filter that cannot be read are ours',
    covers: (played) => only(played, 'body') && wantedText(played).includes('Unexpected token Token('),
  },
  {
    reason: 'what was found is routed at once, not when a cache is read anew',
    covers: ({ step, response, scenario, index }) =>
      (/\/ready$/.test(step.request.path) && response.status === 200) ||
      (step.poll !== undefined &&
        scenario.steps
          .slice(0, index)
          .some(({ request }) => request.method === 'PUT' && request.path === step.request.path)),
  },
  {
    reason:
      'the platform is ready when it answers; there is no studio, no file service, and the older prefix of the gateway is known',
    covers: (played) => {
      const { path, method } = played.step.request;
      if (method !== 'GET') return false;
      const wanted = { '/health/ready': 503, '/status': 200, '/': 301 }[path];
      if (wanted !== undefined) return recorded(played) === wanted;
      return OLDER_PREFIX.test(path) && recorded(played) === 404;
    },
  },
];
