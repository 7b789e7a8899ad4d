/** The configuration keys of each exporter. A run whose configuration has none of them exports nothing. */
const KEYS = {
  mlflow: ['mlflow_tracking_uri', 'mlflow_experiment_name', 'mlflow_run_name', 'mlflow_tracking_token'],
  wandb: ['wandb_project', 'wandb_name', 'wandb_api_key'],
} as const;

/** OpenTelemetry is configured by its own environment variables. */
const VARIABLES = 'OTEL_EXPORTER_OTLP';

/** Every configuration key that belongs to an exporter. */
export const EXPORT_KEYS: readonly string[] = Object.values(KEYS).flat();

/** Whether any exporter may have something to do; cheap, since most runs have none. */
export function exportWanted(
  config: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return (
    EXPORT_KEYS.some((key) => config[key] !== undefined) ||
    Object.keys(env).some((name) => name.startsWith(VARIABLES))
  );
}
