import type { Model } from '../../protocol/index.js';
import { startServer, type RunningServer, type ServerContext } from '../server.js';
import { modelsRoute } from './models-route.js';
import { responsesRoute } from './responses-route.js';

export interface ModelServerOptions {
  model: Model;
  host: string;
  port: number;
}

/** The HTTP face of a model: each dialect at its own path, whatever the provider behind it speaks. */
export function startModelServer(
  options: ModelServerOptions,
  context: ServerContext,
): Promise<RunningServer> {
  const { model, host, port } = options;
  const routes = [responsesRoute(model, context), modelsRoute(model, context.clock.now())];
  return startServer({ name: model.name, title: `Model ${model.name}`, host, port, routes }, context);
}
