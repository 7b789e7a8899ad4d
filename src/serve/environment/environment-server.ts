import type { Environment } from '../../protocol/index.js';
import { aggregateRoute } from '../aggregate-route.js';
import { failureReply } from '../failure-reply.js';
import { json, type Route } from '../http/index.js';
import { mcpRoute, type McpRows } from '../mcp/index.js';
import { startServer, type RunningServer, type ServerContext } from '../server.js';
import { closeRoute, seedRoute, toolRoute, verifyRoute, type EpisodeParts } from './episode-routes.js';
import { gymnasiumRoutes } from './gymnasium-routes.js';
import { EnvironmentSessions } from './sessions.js';

/** Sessions that nothing has touched for an hour are closed. Unit: milliseconds. */
export const DEFAULT_SESSION_TTL_MS = 3_600_000;

export interface EnvironmentServerOptions {
  environment: Environment;
  host: string;
  port: number;
  sessionTtlMs?: number;
  /** Offers the tools at `/mcp` too (`expose_tools_over_mcp`), with what its episodes begin with. */
  mcp?: McpRows;
}

export interface EnvironmentServer extends RunningServer {
  /** Open episodes. */
  sessions(): number;
}

/** The HTTP face of an environment, as the reference's agents expect it. */
export async function startEnvironmentServer(
  options: EnvironmentServerOptions,
  context: ServerContext,
): Promise<EnvironmentServer> {
  const { environment, host, port, sessionTtlMs = DEFAULT_SESSION_TTL_MS } = options;
  const sessions = new EnvironmentSessions({
    environment,
    ttlMs: sessionTtlMs,
    now: () => context.clock.now(),
  });
  const parts = { environment, sessions, maxBodyBytes: context.maxBodyBytes };
  const sweeper = setInterval(() => void sessions.sweep(), Math.min(sessionTtlMs, 60_000));
  sweeper.unref();
  const stop = async (): Promise<void> => {
    clearInterval(sweeper);
    await sessions.store.closeAll();
  };
  try {
    const server = await startServer(
      {
        name: environment.name,
        title: `Environment ${environment.name}`,
        host,
        port,
        routes: [
          ...environmentRoutes(parts),
          ...(options.mcp === undefined ? [] : [await mcpRoute({ ...parts, rows: options.mcp })]),
        ],
        onError: (error) => failureReply(error, (text) => context.redact(text)),
        before: (exchange) => sessions.remember(exchange),
        onClose: stop,
      },
      context,
    );
    return { ...server, sessions: () => sessions.store.size };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A turn-taking environment has `/reset` and `/step` in place of `/seed_session` and `/verify`. */
export function environmentRoutes(parts: EpisodeParts): Route[] {
  const { environment } = parts;
  const turns = environment.step !== undefined;
  const routes = [
    ...(turns ? gymnasiumRoutes(parts) : [seedRoute(parts), verifyRoute(parts), reverifyMode(environment)]),
    aggregateRoute(environment, parts.maxBodyBytes),
    toolRoute(parts),
  ];
  // The one name of ours that an environment's own tool may take.
  return environment.tools.includes('close') ? routes : [...routes, closeRoute(parts)];
}

/** Whether stored rollouts can be verified again without their session. */
const reverifyMode = (environment: EpisodeParts['environment']): Route => ({
  method: 'GET',
  path: '/reverify_mode',
  summary: 'Whether stored rollouts can be verified again: stateless, unsupported or unknown',
  returns: { enum: ['stateless', 'unsupported', 'unknown'] },
  handle: async () => json((await environment.reverifyMode?.()) ?? 'unknown'),
});
