import type { ConfigObject, ConfigValue, ServerInstance } from '../types.js';

/** What is needed of a server's block where it runs already; a model's provider is that server's own matter. */
function reached({ type, config }: ServerInstance, url: string): ConfigObject {
  if (type !== 'responses_api_models') return { ...config, base_url: url };
  return { base_url: url, ...(typeof config['model'] === 'string' && { model: config['model'] }) };
}

/** The server at the addresses where it answers, one for each copy. */
export function placedAt(server: ServerInstance, urls: readonly string[]): ServerInstance {
  return { ...server, config: reached(server, urls[0]!), started: urls };
}

/**
 * The servers that whoever started us runs already: their blocks have a `host` and a `port` in the configuration that it
 * hands on. What files and arguments change in them counts. `own` is the block that is ours to serve.
 */
export function placeRunning(
  servers: readonly ServerInstance[],
  handed: ConfigObject,
  own: string | undefined,
): ServerInstance[] {
  return servers.map((server) => {
    const given = inside(inside(inside(handed, server.name), server.type), server.implementation);
    if (server.name === own || addressOf(given) === undefined) return server;
    const url = addressOf(server.config);
    return url === undefined ? server : placedAt(server, [url]);
  });
}

function inside(value: ConfigValue | undefined, key: string): ConfigValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
}

/** Undefined without a whole address. "Every interface" is no address to connect to: this machine is one of them. */
function addressOf(block: ConfigValue | undefined): string | undefined {
  const [host, port] = [inside(block, 'host'), Number(inside(block, 'port') ?? 0)];
  if (typeof host !== 'string' || host === '' || !Number.isInteger(port) || port < 1) return undefined;
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
