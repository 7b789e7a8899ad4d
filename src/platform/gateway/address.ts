import { refuse } from '../resources/index.js';

/** Which of the three routes a request takes, and what it names. */
export interface Address {
  readonly route: 'provider' | 'model' | 'openai';
  readonly workspace: string;
  /** Of the provider or virtual model; empty on the `openai` route. */
  readonly name: string;
  /** What is forwarded: the path after `/-/`, its slashes plain, everything else as it came. */
  readonly rest: string;
}

const PATH =
  /^\/apis\/inference-gateway\/v2\/workspaces\/([^/]+)\/(?:(provider|model)\/([^/]+)|(openai))\/-\/(.*)$/s;
/** The prefix that the platform had before. */
const OLD_PATH =
  /^\/v2\/workspaces\/([^/]+)\/inference\/gateway\/(?:(provider|model)\/([^/]+)|(openai))\/-\/(.*)$/s;

/** Reads a path, still percent-encoded; null for one that is no gateway's. */
export function readAddress(path: string): Address | null {
  const match = PATH.exec(path) ?? OLD_PATH.exec(path);
  if (match === null) return null;
  const [, workspace = '', named, name = '', , rest = ''] = match;
  return {
    route: (named ?? 'openai') as Address['route'],
    workspace: decoded(workspace),
    name: decoded(name),
    // Clients of the reference encode the slashes of what they want forwarded.
    rest: rest.replace(/%2f/gi, '/'),
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const CLIMBS = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Path and query below a base URL. One `v1` is enough when both have it. Throws 400 for a path that would leave the
 * base.
 */
export function targetOf(base: URL, rest: string, query: string): string {
  if (CLIMBS.test(rest)) throw refuse(400, 'The path after /-/ must not have "." or ".." in it');
  const root = base.pathname.replace(/\/+$/, '');
  const doubled = root.endsWith('/v1') && (rest === 'v1' || rest.startsWith('v1/'));
  return `${doubled ? root.slice(0, -3) : root}/${rest}${query}`;
}
