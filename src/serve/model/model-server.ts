import { exchangeOf } from '../../models/index.js';
import type { Model } from '../../protocol/index.js';
import { startServer, type RunningServer, type ServerContext } from '../server.js';
import { dialectError } from './dialect-error.js';
import { dialectRoute } from './dialect-route.js';
import { modelsRoute } from './models-route.js';

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
  return startServer(
    {
      name: model.name,
      title: `Model ${model.name}`,
      host,
      port,
      routes: [
        dialectRoute('responses', exchange, context),
        dialectRoute('chat', exchange, context),
        dialectRoute('messages', exchange, context),
        modelsRoute(model, context.clock.now()),
      ],
      onError: (error, asked) => dialectError(error, asked, (text) => context.redact(text)),
    },
    context,
  );
}
