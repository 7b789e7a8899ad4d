import type { ServerInstance } from '../../config/index.js';

/** One server as the head publishes it: the reference's keys. */
export interface InstanceInfo {
  config_path: string | null;
  dir_path: string | null;
  entrypoint: string | null;
  host: string | null;
  /** Implementation name. */
  name: string;
  /** Null for a server that runs elsewhere. */
  pid: number | null;
  port: number | null;
  /** Instance name. */
  process_name: string;
  server_type: string;
  /** Epoch seconds. */
  start_time: number | null;
  status: string | null;
  uptime_seconds: number | null;
  url: string;
}

/** A server of this process. `host` and `port` are those that clients use. */
export function localInstance(
  server: ServerInstance,
  address: { host: string; port: number; url: string },
  startTime: number,
): InstanceInfo {
  const { entrypoint } = server.config;
  return {
    config_path: server.name,
    dir_path: `${server.type}/${server.implementation}`,
    entrypoint: typeof entrypoint === 'string' ? entrypoint : null,
    host: address.host,
    name: server.implementation,
    pid: process.pid,
    port: address.port,
    process_name: server.name,
    server_type: server.type,
    start_time: startTime,
    status: null,
    uptime_seconds: null,
    url: address.url,
  };
}

/** A server that the configuration places elsewhere by its `base_url`. */
export function remoteInstance(server: ServerInstance, baseUrl: string): InstanceInfo {
  const { hostname, port, protocol } = new URL(baseUrl);
  return {
    ...localInstance(server, { host: hostname, port: portOf(port, protocol), url: baseUrl }, 0),
    pid: null,
    start_time: null,
  };
}

function portOf(port: string, protocol: string): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
