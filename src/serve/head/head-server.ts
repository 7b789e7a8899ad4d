import { startServer, type RunningServer, type ServerContext } from '../server.js';
import { json, type Route } from '../http/index.js';
import type { InstanceInfo } from './instance.js';

export interface HeadServerOptions {
  host: string;
  port: number;
  /** The configuration with real hosts and ports, secrets masked, as YAML. */
  configYaml: () => string;
  instances: () => readonly InstanceInfo[];
}

/** Where collectors and other clients find out what runs: by default http://127.0.0.1:11000. */
export function startHeadServer(options: HeadServerOptions, context: ServerContext): Promise<RunningServer> {
  const { host, port } = options;
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/global_config_dict_yaml',
      summary: 'The configuration as a JSON string of YAML: real hosts and ports, secrets masked',
      returns: { type: 'string' },
      handle: () => json(options.configYaml()),
    },
    {
      method: 'GET',
      path: '/server_instances',
      summary: 'The servers with their addresses',
      returns: { type: 'array', items: { type: 'object', required: ['process_name', 'url'] } },
      handle: () => json(options.instances()),
    },
  ];
  return startServer({ name: 'head_server', title: 'Head server', host, port, routes }, context);
}
