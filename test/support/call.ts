import type { Call, Phase } from '../../src/protocol/index.js';

export interface TestCall extends Call {
  readonly phases: Phase[];
  abort(reason?: unknown): void;
}

/** A call of episode `0-0` whose phases are kept. */
export function testCall(
  fields: Partial<Pick<Call, 'episodeId' | 'rolloutIndex' | 'deadline'>> = {},
): TestCall {
  const controller = new AbortController();
  const phases: Phase[] = [];
  return {
    signal: controller.signal,
    deadline: null,
    episodeId: '0-0',
    rolloutIndex: 0,
    attempts: [],
    ...fields,
    phases,
    onPhase: (phase) => {
      phases.push(phase);
    },
    abort: (reason) => {
      controller.abort(reason);
    },
  };
}
