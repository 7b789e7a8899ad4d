import type { ModelServices } from '../model-type.js';

export interface Upstream {
  baseUrl: string;
  /** Answers come from a recording in this process. */
  offline: boolean;
  close: () => Promise<void>;
}

const SCHEME = 'embedded:';

/**
 * The URL to ask for a configured base URL. `embedded:<recording file>` starts a provider in this process that
 * answers from the recording over loopback HTTP; every other URL is returned as it is.
 */
export async function openBaseUrl(configured: string, services: ModelServices): Promise<Upstream> {
  if (!configured.startsWith(SCHEME))
    return { baseUrl: configured, offline: false, close: () => Promise.resolve() };
  const { startEmbedded } = await import('./start.js');
  return startEmbedded(configured.slice(SCHEME.length), services.roots);
}

/** Whether a provider can be asked for a stream: recorded and replayed replies are whole ones. */
export function canStream(configured: string, { tape }: ModelServices): boolean {
  return tape === undefined && !configured.startsWith(SCHEME);
}
