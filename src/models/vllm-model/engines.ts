import { createHash } from 'node:crypto';
import type { Call } from '../../protocol/index.js';
import type { Route } from '../gateway.js';
import { endpointUrl } from '../urls.js';

/**
 * The engine of an episode: the first 8 bytes of the SHA-256 of its id, modulo the number of engines. All
 * calls of an episode meet the same prefix cache, also after a resume.
 */
export function engineOf(episodeId: string, engines: readonly string[]): string {
  if (engines.length === 1) return engines[0]!;
  const head = createHash('sha256').update(episodeId).digest().readBigUInt64BE(0);
  return engines[Number(head % BigInt(engines.length))]!;
}

/**
 * Places episodes on engines. One whose engine is down is moved, also when it had begun, for its prefix cache is gone
 * with the engine, and then stays where it is; new ones go home again as soon as the engine serves.
 */
export class Engines {
  readonly #placed = new WeakMap<AbortSignal, string>();

  constructor(
    private readonly urls: readonly string[],
    private readonly serves: (url: string) => boolean,
  ) {}

  of(call: Call): string {
    if (this.urls.length === 1) return this.urls[0]!;
    // An episode has one signal from its beginning to its end.
    const placed = this.#placed.get(call.signal);
    if (placed !== undefined && this.serves(placed)) return placed;
    const engine = this.#place(call.episodeId, placed);
    this.#placed.set(call.signal, engine);
    return engine;
  }

  /** Where the episode's requests go, for an endpoint such as `chat/completions`. */
  route(call: Call, url: (engine: string) => string): Required<Route> {
    const at = (): { url: string; upstream: string } => {
      const engine = this.of(call);
      return { url: url(engine), upstream: engine };
    };
    return { ...at(), reroute: at };
  }

  #place(episodeId: string, placed: string | undefined): string {
    const home = engineOf(episodeId, this.urls);
    if (this.serves(home)) return home;
    const serving = this.urls.filter((url) => this.serves(url));
    return serving.length === 0 ? (placed ?? home) : engineOf(episodeId, serving);
  }
}

/** Always the same engine. */
export function pinned(engine: string, url: (engine: string) => string): Route {
  return { url: url(engine), upstream: engine };
}

export const below =
  (endpoint: string) =>
  (engine: string): string =>
    endpointUrl(engine, endpoint);
