import { exportMlflow, mlflowTarget } from './mlflow/export.js';
import { exportOtlp } from './otlp/export.js';
import { otlpSettings } from './otlp/settings.js';
import type { ExportOptions } from './types.js';

export type { ExportOptions } from './types.js';

/** Every configuration key that {@link exportRun} reads. */
export const EXPORT_KEYS = [
  'mlflow_tracking_uri',
  'mlflow_experiment_name',
  'mlflow_run_name',
  'mlflow_tracking_token',
  'wandb_project',
  'wandb_name',
  'wandb_api_key',
  'upload_rollouts',
] as const;

async function attempt(name: string, options: ExportOptions, work: () => Promise<string>): Promise<void> {
  try {
    options.notify('info', `Exported to ${await work()}`);
  } catch (error) {
    options.notify(
      'warn',
      `The export to ${name} failed: ${(error as Error).message}. The run is not affected.`,
    );
  }
}

/**
 * Sends a finished run, from its stored rows, to every destination that is fully configured: an MLflow tracking
 * server, an OpenTelemetry collector. Never throws: a failure is a warning, and the files of the run stay as they are.
 */
export async function exportRun(options: ExportOptions): Promise<void> {
  const { config } = options;
  const mlflow = mlflowTarget(config);
  if (mlflow !== null) await attempt('MLflow', options, () => exportMlflow(mlflow, options));
  const otlp = otlpSettings(options.env);
  if (otlp !== null) await attempt('OpenTelemetry', options, () => exportOtlp(otlp, options));
  if (['wandb_project', 'wandb_name', 'wandb_api_key'].every((key) => Boolean(config[key]))) {
    options.notify(
      'warn',
      'Nothing was sent to Weights & Biases: this version has no exporter for it. MLflow and OpenTelemetry are there; ' +
        'docs/exporters.md shows how to log the metrics file with the wandb package.',
    );
  }
}
