import type {
  Call,
  Clock,
  Model,
  Outage,
  Reach,
  ResponsesReply,
  ResponsesRequest,
} from '../../protocol/index.js';
import { CallFailure } from '../../protocol/index.js';
import type { Notify, OutagePolicy } from '../../transport/index.js';
import { commonOutage, describeOutage, unreachable, waitIn, WaitingRoom } from '../../transport/index.js';
import { createBreaker, NEVER_OPEN } from './breaker.js';
import { askCandidate, inTurn, mayBeAskedElsewhere, type Candidate as Asked } from './in-turn.js';

interface Candidate extends Asked {
  model: Model;
}

interface FailoverOptions {
  clock: Clock;
  notify?: Notify;
  coolDownMs?: number;
  /** What becomes of requests while none of the models can be reached. Absent: they fail. */
  outage?: OutagePolicy;
  /** Gets the function that is to be called when one of the models may have come back or gone. */
  onReachChange?: (look: () => void) => void;
  /** Answers come from a recording: nobody is left alone, since nobody is asked. */
  replays?: boolean;
}

/**
 * One model in front of several: the first that works answers, each request beginning anew with it. Providers that
 * keep failing are left alone and probed; a fault of the request itself is passed on at once. When all fail, the
 * first one's failure is the answer, unless none can be reached: then the request waits.
 */
export function failoverModel(models: readonly [Model, ...Model[]], options: FailoverOptions): Model {
  const [primary] = models;
  const candidates = models.map((model) => ({
    model,
    breaker: options.replays === true ? NEVER_OPEN : createBreaker(options.coolDownMs),
  }));
  const tell = teller(primary.name, options.notify);
  const reach = reachOf(candidates, options.clock);
  const room = new WaitingRoom(options.clock, () => reach.outage() === null);
  options.onReachChange?.(() => room.look());

  async function once(request: ResponsesRequest, call: Call): Promise<ResponsesReply> {
    let first: CallFailure | undefined;
    for (const candidate of inTurn(candidates, {
      now: options.clock.now(),
      out: isOut,
      leftAlone: 'not asked',
    })) {
      try {
        const reply = await askCandidate(candidate, () => candidate.model.respond(request, call), {
          clock: options.clock,
          signal: call.signal,
          out: () => isOut(candidate),
        });
        tell(candidate, first);
        return reply;
      } catch (error) {
        if (!(error instanceof CallFailure) || !mayBeAskedElsewhere(error) || call.signal.aborted)
          throw error;
        first ??= error;
      } finally {
        // A breaker may have closed.
        room.look();
      }
    }
    throw first ?? new CallFailure('circuit_open', `${primary.name}: every provider is left alone for now`);
  }

  async function waiting(call: Call, failure: unknown): Promise<void> {
    const outage = reach.outage();
    if (!(failure instanceof CallFailure) || !mayBeAskedElsewhere(failure)) throw failure;
    if (outage === null || options.outage === undefined) throw failure;
    const { clock } = options;
    const probeMs = nextProbe(candidates, clock.now());
    const cancel = probeMs === Infinity ? undefined : clock.after(Math.max(1, probeMs), () => room.look());
    try {
      await waitIn(room, call, call.signal, {
        clock,
        maxWaitMs: options.outage.maxWaitMs,
        detail: describeOutage(primary.name, outage),
        tooLong: () => unreachable(primary.name, reach.outage(), clock.now()),
      });
    } finally {
      cancel?.();
    }
  }

  return {
    name: primary.name,
    modelId: primary.modelId,
    reach,
    parts: models.flatMap((model) => model.parts ?? [model]),
    ...(primary.exchange !== undefined && { exchange: primary.exchange.bind(primary) }),
    ...(primary.countTokens !== undefined && { countTokens: primary.countTokens.bind(primary) }),
    async respond(request, call) {
      for (;;) {
        try {
          return await once(request, call);
        } catch (error) {
          call.signal.throwIfAborted();
          await waiting(call, error);
        }
      }
    },
    async close() {
      room.close();
      await Promise.all(models.map((model) => model.close()));
    },
  };
}

/** Out when each is out or left alone for now, and waiting may help. */
function reachOf(candidates: readonly Candidate[], clock: Clock): Reach {
  return {
    outage(): Outage | null {
      const now = clock.now();
      const outages = candidates.map(({ model, breaker }) => {
        const outage = model.reach?.outage() ?? null;
        return outage === null && !breaker.ready(now) ? 'alone' : outage;
      });
      return commonOutage(outages.filter((outage) => outage !== 'alone'));
    },
    endpoints: () => candidates.flatMap(({ model }) => model.reach?.endpoints() ?? []),
  };
}

/** Milliseconds until one that is left alone may be asked again; Infinity = none is. */
function nextProbe(candidates: readonly Candidate[], now: number): number {
  return Math.min(...candidates.map(({ breaker }) => (breaker.openUntil ?? Infinity) - now));
}

function isOut({ model }: Candidate): boolean {
  return (model.reach?.outage() ?? null) !== null;
}

/** Tells of each change of the answering provider, with the reason. */
function teller(
  name: string,
  notify: Notify | undefined,
): (candidate: Candidate, first: CallFailure | undefined) => void {
  let current = name;
  return ({ model }, first) => {
    if (model.name === current) return;
    current = model.name;
    const why = first === undefined ? '' : ` (${first.kind}: ${first.message})`;
    notify?.({
      level: 'warn',
      message: `${name}: answers now come from ${model.name}, ${model.modelId}${why}`,
    });
  };
}
