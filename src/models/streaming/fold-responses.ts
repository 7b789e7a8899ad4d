import type { Json, JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import type { StreamFold } from '../../transport/index.js';
import { eventJson, throwToldError } from './event-json.js';

const ENDS: ReadonlySet<Json | undefined> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/** Waits for the last event of a Responses stream, which repeats the whole response. */
export class ResponsesFold implements StreamFold {
  begun = false;
  #response: JsonObject | undefined;

  get complete(): boolean {
    return this.#response !== undefined;
  }

  push(data: string): void {
    if (data === '[DONE]') return;
    const event = this.#read(data);
    if (event === undefined) return;
    const { type, response } = event;
    if (ENDS.has(type) && isObject(response)) this.#response = response;
    else if (type === 'error') throwToldError({ error: event['error'] ?? event });
    else if (typeof type === 'string' && type.endsWith('.delta')) this.begun = true;
  }

  whole(): Json {
    return this.#response ?? null;
  }

  /** An event that cannot be read is passed over: the last one has everything. */
  #read(data: string): JsonObject | undefined {
    try {
      return eventJson(data);
    } catch (error) {
      if (error instanceof CallFailure) return undefined;
      throw error;
    }
  }
}
