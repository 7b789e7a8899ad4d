import { createGuard, givenToken, HttpError, type Guard } from '../../serve/http/index.js';
import { textOf, type Entity, type Registry } from '../registry/index.js';
import { digestOf } from './tokens.js';

export interface AccessOptions {
  /** The address that is bound. */
  readonly host: string;
  /** The operator's, good for everything; null on loopback alone, where nobody needs one. */
  readonly token: string | null;
  readonly registry: Registry;
}

/** The workspace that a path is in; the older prefix of the gateway too. */
const IN_WORKSPACE = /^(?:\/apis\/([^/]+)\/v2|\/v2)\/workspaces\/([^/]+)\//;
const GATEWAY =
  /^\/(?:apis\/inference-gateway\/v2\/workspaces\/[^/]+\/(?:provider\/[^/]+|model\/[^/]+|openai)\/|v2\/)/;

/** They say what the platform is, and nothing of what is in it. */
const OPEN: ReadonlySet<string> = new Set(['/cluster-info', '/apis/auth/discovery', '/openapi.json']);

/**
 * Who may ask: the operator's token everything, a workspace's what is in that workspace, and everybody whether the
 * platform lives. Web pages of other sites and foreign host names are refused, as `serve/` does.
 */
export function createAccess({ host, token, registry }: AccessOptions): Guard {
  const guard = createGuard({ host, token, open: (path) => path.startsWith('/health/') });
  let byDigest: ReadonlyMap<string, Entity> | null = null;
  registry.watch((kind) => {
    if (kind === 'token') byDigest = null;
  });
  return (request, path) => {
    if (token === null) {
      guard(request, path);
      return;
    }
    byDigest ??= new Map(registry.list('token', null).map((each) => [textOf(each.data, 'digest'), each]));
    const given = byDigest.size === 0 ? undefined : byDigest.get(digestOf(givenToken(request)));
    guard(request, path, given !== undefined);
    if (given !== undefined) check(given, path);
  };
}

function check({ workspace, data }: Entity, path: string): void {
  if (OPEN.has(path)) return;
  const { service, workspace: asked } = placeOf(path);
  const own = asked === workspace;
  if (own && service === 'ngym') throw forbidden('Tokens are the operator’s to make');
  if (own && (data['scope'] === 'workspace' || GATEWAY.test(path))) return;
  const what = data['scope'] === 'workspace' ? 'what is in' : 'inference in';
  throw forbidden(`This token is for ${what} workspace '${workspace}' only`);
}

/**
 * Service and workspace of a path; empty for one that means two things. The gateway takes a path apart before it decodes
 * its parts, everything else after: a slash that is encoded must not make a difference.
 */
function placeOf(path: string): { service: string; workspace: string } {
  const [raw, plain] = [path, decoded(path)].map((text) => {
    const [, service = '', workspace = ''] = IN_WORKSPACE.exec(text) ?? [];
    return { service: decoded(service), workspace: decoded(workspace) };
  }) as [Place, Place];
  const same = raw.service === plain.service && raw.workspace === plain.workspace;
  return same ? plain : { service: '', workspace: '' };
}

interface Place {
  readonly service: string;
  readonly workspace: string;
}

function forbidden(detail: string): HttpError {
  return new HttpError(403, { detail });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
