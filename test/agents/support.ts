import { z } from 'zod';
import { defineEnvironment } from '../../src/environments/index.js';
import { AGENT_TYPES } from '../../src/agents/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import type {
  Agent,
  Call,
  Clock,
  Environment,
  Item,
  Model,
  Outcome,
  Phase,
  ResponsesReply,
  ResponsesRequest,
  TaskRow,
  Usage,
} from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';

type Turn = ResponsesReply | ((request: ResponsesRequest, call: Call) => Promise<ResponsesReply>);

/** A model that answers from a script, and remembers what it was asked. */
export class ScriptedModel implements Model {
  readonly name = 'policy_model';
  readonly modelId = 'scripted';
  readonly requests: ResponsesRequest[] = [];

  constructor(private readonly turns: readonly Turn[]) {}

  async respond(request: ResponsesRequest, call: Call): Promise<ResponsesReply> {
    const turn = this.turns[Math.min(this.requests.length, this.turns.length - 1)]!;
    this.requests.push(structuredClone(request));
    return typeof turn === 'function' ? turn(request, call) : turn;
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

export function usage(input: number, output: number, reasoning: number | null = null): Usage {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

export function turn(...output: Item[]): ResponsesReply {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'scripted',
    output,
    usage: usage(10, 1, 0),
    incomplete_details: null,
  };
}

export function says(text: string): Item {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] };
}

export function calls(name: string, args: string, id = name): Item {
  return { type: 'function_call', call_id: id, name, arguments: args };
}

export const thinks: Item = { type: 'reasoning', id: 'rs_1', summary: [] };

/** A counter whose tools note in which order they ran; `events` is the life of every session. */
export function counterEnvironment(): { environment: Environment; events: string[] } {
  const events: string[] = [];
  const definition = defineEnvironment({
    name: 'counter',
    row: z.object({ goal: z.number() }),
    open() {
      events.push('open');
      return { count: 0 };
    },
    tools: {
      add: {
        parameters: z.object({ by: z.number() }),
        async run(session, { by }) {
          events.push(`add ${by} starts`);
          await new Promise((resolve) => setTimeout(resolve, 2));
          session.count += by;
          events.push(`add ${by} ends`);
          return { count: session.count };
        },
      },
      crash: {
        run() {
          throw new Error('the disk is full');
        },
      },
      lost: {
        run() {
          throw new CallFailure('tool_failed', 'the sandbox is gone', { retryable: true });
        },
      },
      stuck: { run: () => new Promise<never>(() => undefined) },
    },
    verify({ session, row }) {
      events.push('verify');
      if (row.goal === -1) throw new Error('no such goal');
      return { reward: Number(session.count === row.goal), count: session.count };
    },
    close() {
      events.push('close');
    },
  });
  return {
    environment: definition.create(
      'counter',
      { tool_timeout_seconds: 0.02 },
      { clock: systemClock, random: () => 0 },
    ),
    events,
  };
}

export function task(keys: Record<string, unknown> = {}): TaskRow {
  return {
    responses_create_params: { input: 'Count.' },
    goal: 3,
    _ng_task_index: 0,
    _ng_rollout_index: 0,
    ...keys,
  };
}

export interface Played {
  outcome: Outcome;
  model: ScriptedModel;
  events: string[];
  phases: (Phase | `${Phase} ${string}`)[];
}

export interface PlayOptions {
  agent?: string;
  config?: Record<string, unknown>;
  row?: TaskRow;
  clock?: Clock;
  signal?: AbortSignal;
  environment?: Environment;
}

/** Plays one episode with a scripted model against the counter (or the given environment). */
export async function playScript(turns: readonly Turn[], options: PlayOptions = {}): Promise<Played> {
  const model = new ScriptedModel(turns);
  const counter = counterEnvironment();
  const phases: Played['phases'] = [];
  const agent: Agent = AGENT_TYPES[options.agent ?? 'simple_agent']!.create('agent', options.config ?? {}, {
    clock: options.clock ?? systemClock,
  });
  const outcome = await agent.run(options.row ?? task(), {
    model,
    environment: options.environment ?? counter.environment,
    call: {
      signal: options.signal ?? new AbortController().signal,
      deadline: null,
      episodeId: '0-0',
      rolloutIndex: 0,
      attempts: [],
      onPhase: (phase, detail) => phases.push(detail === undefined ? phase : `${phase} ${detail}`),
    },
  });
  return { outcome, model, events: counter.events, phases };
}

/** The outcome as a scored one, or a test failure that shows what it was. */
export function scored(outcome: Outcome): Extract<Outcome, { status: 'scored' }> {
  if (outcome.status !== 'scored') throw new Error(`not scored: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #waiting = new Set<{ at: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const entry = { at: this.#now + ms, wake: callback };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = { at: this.#now + ms, wake: resolve };
      this.#waiting.add(entry);
      signal?.addEventListener('abort', () => {
        this.#waiting.delete(entry);
        reject(signal.reason as Error);
      });
    });
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const entry of this.#waiting) {
      if (entry.at > this.#now) continue;
      this.#waiting.delete(entry);
      entry.wake();
    }
  }
}
