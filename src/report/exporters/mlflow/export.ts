import { metricValues, type MetricValue } from '../metric-values.js';
import { rolloutTable } from '../rollout-table.js';
import type { ExportOptions } from '../types.js';
import { MlflowClient } from './client.js';
import { mlflowName } from './names.js';
import { flatParams } from './params.js';

/** Where to, from the configuration. */
export interface MlflowTarget {
  trackingUri: string;
  experiment: string;
  run: string;
  token: string | null;
}

const METRICS_PER_REQUEST = 500;
const OTHERS_PER_REQUEST = 100;
const TABLE = 'rollouts.json';
const TABLE_TAG = { key: 'mlflow.loggedArtifacts', value: JSON.stringify([{ path: TABLE, type: 'table' }]) };

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Null unless tracking address, experiment and run name are all configured. */
export function mlflowTarget(config: ExportOptions['config']): MlflowTarget | null {
  const trackingUri = words(config.mlflow_tracking_uri);
  const experiment = words(config.mlflow_experiment_name);
  const run = words(config.mlflow_run_name);
  if (trackingUri === null || experiment === null || run === null) return null;
  return { trackingUri, experiment, run, token: words(config.mlflow_tracking_token) };
}

function* batches<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}

async function logValues(
  client: MlflowClient,
  run: string,
  values: ReadonlyMap<string, MetricValue>,
  { now, withTable }: { now: number; withTable: boolean },
): Promise<void> {
  const metrics: { key: string; value: number; timestamp: number; step: number }[] = [];
  const tags = withTable ? [TABLE_TAG] : [];
  for (const [name, value] of values) {
    const key = mlflowName(name);
    if (typeof value === 'string') tags.push({ key, value });
    else if (value !== null) metrics.push({ key, value: Number(value), timestamp: now, step: 0 });
  }
  for (const some of batches(metrics, METRICS_PER_REQUEST))
    await client.logBatch({ run_id: run, metrics: some });
  for (const some of batches(tags, OTHERS_PER_REQUEST)) await client.logBatch({ run_id: run, tags: some });
}

/** Makes a run with configuration, metrics and rollouts on a tracking server. Throws ExportError. */
export async function exportMlflow(target: MlflowTarget, options: ExportOptions): Promise<string> {
  const now = options.now ?? Date.now;
  const client = new MlflowClient(target.trackingUri, target.token);
  const experiment = await client.experiment(target.experiment);
  const started = { experiment_id: experiment, run_name: target.run, start_time: now() };
  const { id, artifacts } = await client.createRun(started);
  let status = 'FAILED';
  try {
    for (const params of batches(flatParams(options.redacted), OTHERS_PER_REQUEST)) {
      await client.logBatch({ run_id: id, params });
    }
    const withTable = options.config.upload_rollouts !== false;
    await logValues(client, id, await metricValues(options.files.aggregateMetrics), {
      now: now(),
      withTable,
    });
    await client.putArtifact(artifacts, 'global_config.json', JSON.stringify(options.redacted, null, 2));
    if (withTable) await client.putArtifact(artifacts, TABLE, rolloutTable(options.files.rollouts));
    status = 'FINISHED';
  } finally {
    // A failure to end the run must not hide why it failed.
    const ended = client.updateRun({ run_id: id, status, end_time: now() });
    await (status === 'FINISHED' ? ended : ended.catch(() => undefined));
  }
  return `MLflow: run "${target.run}" of experiment "${target.experiment}" (${id})`;
}
