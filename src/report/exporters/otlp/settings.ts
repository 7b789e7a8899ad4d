import type { ExportOptions } from '../types.js';

export interface OtlpSettings {
  url: string;
  headers: Record<string, string>;
  /** Of the resource, by name. */
  resource: Record<string, string>;
}

/** `a=1,b=2` with values in percent-encoding, as OpenTelemetry writes lists in variables. */
export function pairs(text: string | undefined): Record<string, string> {
  const found = (text ?? '').split(',').map((pair) => pair.split('='));
  return Object.fromEntries(
    found
      .filter(([name, ...rest]) => name!.trim() !== '' && rest.length > 0)
      .map(([name, ...rest]) => [name!.trim(), decoded(rest.join('=').trim())]),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * Where spans go, by the variables that every OpenTelemetry program reads; null when no endpoint is set or
 * `OTEL_SDK_DISABLED` is true. The general endpoint gets `/v1/traces` added, the one for traces is taken as it is.
 */
export function otlpSettings(env: ExportOptions['env']): OtlpSettings | null {
  const general = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const own = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return null;
  const url = own ? own : general ? `${general.replace(/\/+$/, '')}/v1/traces` : null;
  if (url === null) return null;
  const resource = { ...pairs(env.OTEL_RESOURCE_ATTRIBUTES) };
  resource['service.name'] = env.OTEL_SERVICE_NAME ?? resource['service.name'] ?? 'ngym';
  const headers = {
    ...pairs(env.OTEL_EXPORTER_OTLP_HEADERS),
    ...pairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
  };
  return { url, headers, resource };
}
