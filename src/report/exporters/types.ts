import type { JsonObject } from '../../protocol/index.js';

/** What an exporter is told about a finished run. */
export interface ExportOptions {
  /** The rollouts file and the metrics beside it, absolute. */
  files: { rollouts: string; aggregateMetrics: string };
  /** Top-level values of the configuration, secrets in clear: destinations and credentials are read here. */
  config: Readonly<Record<string, unknown>>;
  /** The whole configuration with secrets masked: this one is sent. */
  redacted: JsonObject;
  /** Environment variables: `OTEL_…` are read. */
  env: Readonly<Record<string, string | undefined>>;
  /** Told of every destination's success or failure; nothing is thrown. */
  notify: (level: 'info' | 'warn', message: string) => void;
  /** Epoch milliseconds; default: the system's clock. */
  now?: () => number;
}
