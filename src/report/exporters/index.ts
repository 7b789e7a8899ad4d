import { exportMlflow, mlflowTarget } from './mlflow/export.js';
import { exportOtlp } from './otlp/export.js';
import { otlpSettings } from './otlp/settings.js';
import type { ExportOptions } from './types.js';
import { exportWandb, wandbTarget } from './wandb/export.js';

export type { ExportOptions } from './types.js';

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
 * server, an OpenTelemetry collector, an offline run of Weights & Biases. Never throws: a failure is a warning, and the
 * files of the run stay as they are.
 */
export async function exportRun(options: ExportOptions): Promise<void> {
  const { config } = options;
  const mlflow = mlflowTarget(config);
  if (mlflow !== null) await attempt('MLflow', options, () => exportMlflow(mlflow, options));
  const otlp = otlpSettings(options.env);
  if (otlp !== null) await attempt('OpenTelemetry', options, () => exportOtlp(otlp, options));
  const wandb = wandbTarget(config);
  if (wandb !== null) await attempt('Weights & Biases', options, () => exportWandb(wandb, options));
}
