import {
  createAggregator,
  DuplicateRolloutError,
  itemTexts,
  writeJson,
  type AggregatorOptions,
} from '../metrics/index.js';
import { readObjectText, unprocessable, type Route } from './http/index.js';

/** `POST /aggregate_metrics` of agents and environments: the rows in, the three parts of the metrics out. */
export function aggregateRoute(options: AggregatorOptions, maxBodyBytes: number): Route {
  return {
    method: 'POST',
    path: '/aggregate_metrics',
    summary: 'Aggregate metrics over verify replies',
    accepts: {
      type: 'object',
      required: ['verify_responses'],
      properties: { verify_responses: { type: 'array', items: { type: 'object' } } },
    },
    returns: {
      type: 'object',
      properties: {
        group_level_metrics: { type: 'array' },
        agent_metrics: { type: 'object' },
        key_metrics: { type: 'object' },
      },
    },
    async handle(exchange) {
      const { text } = await readObjectText(exchange.request, maxBodyBytes);
      return { status: 200, body: aggregateText(text, options) };
    },
  };
}

function aggregateText(body: string, options: AggregatorOptions): string {
  const rows = itemTexts(body, 'verify_responses');
  if (rows === null) throw unprocessable(['verify_responses'], 'Field required', 'missing');
  const aggregator = createAggregator(options);
  for (const [index, row] of rows.entries()) {
    try {
      aggregator.add(row);
    } catch (error) {
      throw unprocessable(['verify_responses', index], (error as Error).message, 'value_error');
    }
  }
  try {
    const { agent_metrics, key_metrics, group_level_metrics } = aggregator.finish();
    return writeJson({ group_level_metrics: [...group_level_metrics], agent_metrics, key_metrics });
  } catch (error) {
    if (!(error instanceof DuplicateRolloutError)) throw error;
    throw unprocessable(['verify_responses'], error.message, 'value_error');
  }
}
