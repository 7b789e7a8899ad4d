import type { Call, ResponsesRequest } from '../protocol/index.js';

/** What a model is asked to see whether it answers at all. No limit of tokens: some providers refuse one without reading on. */
export const TINY_REQUEST: ResponsesRequest = {
  input: [{ role: 'user', content: 'Reply with the word OK.' }],
};

/** A call that belongs to no episode. */
export const PROBE_CALL: Call = {
  signal: new AbortController().signal,
  deadline: null,
  episodeId: 'probe',
  rolloutIndex: 0,
  attempts: [],
  onPhase: () => undefined,
};
