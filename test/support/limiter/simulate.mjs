/**
 * Runs clients against a modelled provider in virtual time. A client is a limit with a retry layer above it, as in a
 * run: so many episodes at a time, each of one request that is asked again as the policy says; there is always more work.
 */

/** A binary heap of events by time, then by order of coming. */
class Agenda {
  #heap = [];
  #order = 0;

  push(at, run) {
    const heap = this.#heap;
    const event = { at, order: this.#order++, run };
    let i = heap.length;
    heap.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(event, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = event;
  }

  pop() {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], last)) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

const before = (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Requests that wait for a place, in the order of their coming. */
class Line {
  #items = [];
  #head = 0;

  get size() {
    return this.#items.length - this.#head;
  }

  push(item) {
    this.#items.push(item);
  }

  shift() {
    const item = this.#items[this.#head++];
    if (this.#head > 5_000) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

const KINDS = { refused: 'rate_limited', overloaded: 'overloaded', failed: 'server_error' };

/** @type {typeof import('./limiter.d.mts').simulate} */
export function simulate({ provider, controllers, workers, durationMs, random, retry, trace, tick }) {
  const agenda = new Agenda();
  let now = 0;
  const clients = controllers.map((controller) =>
    startClient({ controller, provider, agenda, clock: () => now, workers, random, retry, trace }),
  );
  for (let nextTick = tick?.everyMs ?? Infinity; ;) {
    const event = agenda.pop();
    if (event === undefined || event.at > durationMs) return clients;
    while (event.at >= nextTick) {
      tick.run(nextTick, clients);
      nextTick += tick.everyMs;
    }
    now = event.at;
    event.run();
  }
}

function startClient({ controller, provider, agenda, clock, workers, random, retry, trace }) {
  const client = { controller, answered: 0, answers: 0, sent: 0, refused: 0, burnt: 0 };
  if (trace === true) client.sentAt = [];
  const budget = retry.budget();
  const line = new Line();
  let wakeAt = Infinity;

  const begin = () => {
    budget.earn();
    line.push({ failures: 0 });
  };

  const pump = () => {
    while (line.size > 0) {
      const now = clock();
      const next = controller.nextStart(now);
      if (next <= now) send(line.shift());
      else {
        if (next !== Infinity && next < wakeAt) wake(next);
        return;
      }
    }
  };

  const wake = (at) => {
    wakeAt = at;
    agenda.push(at, () => {
      if (wakeAt === at) wakeAt = Infinity;
      pump();
    });
  };

  const send = (request) => {
    const sentAt = clock();
    client.sent += 1;
    client.sentAt?.push(sentAt);
    const ticket = controller.start(sentAt);
    const fate = provider.arrive(sentAt);
    agenda.push(sentAt + fate.latencyMs, () => {
      const now = clock();
      const { result, retryAfterMs, weight = 1 } = fate;
      controller.finish(ticket, { now, result, ...(retryAfterMs !== undefined && { retryAfterMs }) });
      if (result === 'ok') {
        provider.leave(now);
        client.answered += weight;
        client.answers += 1;
        begin();
      } else {
        if (result !== 'failed') client.refused += 1;
        again(request, KINDS[result], retryAfterMs);
      }
      pump();
    });
  };

  /** As `src/transport/retry.ts` decides. */
  const again = (request, kind, told) => {
    const { policy } = retry;
    request.failures += 1;
    const allowed = retry.attemptsFor(kind, policy);
    const most = told === undefined ? allowed : Math.max(allowed, policy.maxToldAttempts);
    const given = request.failures >= most || told > policy.maxToldWaitMs;
    if (given || (told === undefined && !budget.take())) {
      client.burnt += 1;
      begin();
      return;
    }
    const own = retry.backoffMs(kind, request.failures, policy, random);
    const waitMs = told === undefined ? own : told + Math.min(own, 250 + told * 0.1);
    agenda.push(clock() + waitMs, () => {
      line.push(request);
      pump();
    });
  };

  agenda.push(0, () => {
    for (let i = 0; i < workers; i += 1) begin();
    pump();
  });
  return client;
}

/** A limit that never changes: what an adaptive one is measured against. @param {number} limit */
export function fixed(limit) {
  let inFlight = 0;
  return {
    limit,
    get inFlight() {
      return inFlight;
    },
    nextStart: () => (inFlight < limit ? 0 : Infinity),
    closedUntil: () => 0,
    start(now) {
      inFlight += 1;
      return { startedAt: now, inFlight, serial: 0 };
    },
    finish() {
      inFlight -= 1;
    },
  };
}
