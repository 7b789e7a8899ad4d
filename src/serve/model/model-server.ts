import { exchangeOf } from '../../models/index.js';
import type { Model } from '../../protocol/index.js';
import { startServer, type RunningServer, type ServerContext } from '../server.js';
import { countRoutes } from './count-routes.js';
import { dialectError } from './dialect-error.js';
import { dialectRoute } from './dialect-route.js';
import { modelsRoutes } from './models-route.js';

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
  const exchange = exchangeOf(model);
  const routes = [
    dialectRoute('responses', exchange, context),
    dialectRoute('chat', exchange, context),
    dialectRoute('messages', exchange, context),
    ...countRoutes(model, context),
    ...modelsRoutes(model, context.clock.now()),
  ];
  return startServer(
    {
      name: model.name,
      title: `Model ${model.name}`,
      host,
      port,
      routes,
      onError: (error, asked) =>
        dialectError(error, asked, { routes, redact: (text) => context.redact(text) }),
    },
    context,
  );
}
