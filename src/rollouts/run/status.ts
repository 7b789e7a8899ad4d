import type { EndpointOf, FlightStatus, Progress, RunStatus } from '../types.js';
import type { Counters } from './counters.js';
import type { Flight, InFlight } from './in-flight.js';
import type { Outages } from './outages.js';
import type { Stopper } from './stopper.js';
import { describePhase } from './watchdog.js';

/** At most so many episodes are told of. */
const MAX_FLIGHTS = 200;

function flightStatus(flight: Flight, now: number): FlightStatus {
  return {
    episodeId: flight.call.episodeId,
    phase: flight.phase,
    detail: flight.detail,
    idleMs: Math.max(0, now - flight.movedAt),
    elapsedMs: Math.max(0, now - flight.startedAt),
    attempts: flight.call.attempts.length,
  };
}

/** `7 s`, `3 min 5 s`, `2 h 10 min`. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What the episodes in flight do: how many there are of each kind, and the longest time that one has not moved. */
function phasesOf(flights: Iterable<Flight>, now: number): RunStatus['phases'] {
  const phases: RunStatus['phases'] = {};
  for (const { phase, movedAt } of flights) {
    const known = phases[phase] ?? { count: 0, idleMs: 0 };
    phases[phase] = { count: known.count + 1, idleMs: Math.max(known.idleMs, now - movedAt) };
  }
  return phases;
}

/** The status of a run that this process plays. */
export function runningStatus(
  output: string,
  parts: { counters: Counters; inFlight: InFlight; outages: Outages; stopper: Stopper; progress: Progress },
  now: number,
): RunStatus {
  const { counters, inFlight, outages, stopper, progress } = parts;
  return {
    state: 'running',
    output,
    pid: process.pid,
    updatedAt: now,
    balance: { ...counters.balance },
    progress,
    meanReward: counters.meanReward,
    failures: counters.failures,
    waiting: outages.current(),
    endpoints: outages.endpoints(),
    phases: phasesOf(inFlight.all(), now),
    inFlight: inFlight.oldest(MAX_FLIGHTS).map((flight) => flightStatus(flight, now)),
    stopping: stopper.stop?.doing ?? null,
  };
}

/** With more in flight than this they are told by phase, and only the oldest by name. */
const NAMED = 12;
const OLDEST = 5;

/**
 * A status as text: counts, figures, failures, endpoints, then the episodes in flight, the longest silent first; many of
 * them by phase.
 */
export function describeStatus(status: RunStatus): string {
  const { balance, progress, stopping, failures, waiting, endpoints, updatedAt } = status;
  const { planned, scored, failed, masked, cancelled, owed } = balance;
  const who = status.state === 'running' ? `running, process ${String(status.pid)}` : 'not running';
  const counts = [
    `${scored} scored`,
    `${failed} failed`,
    ...(masked > 0 ? [`${masked} masked`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    `${owed} owed`,
    ...(progress === null ? [] : [`${progress.inFlight} in flight`]),
  ];
  const kinds = Object.entries(failures).map(([kind, count]) => `${kind} ${count}`);
  const lines = [
    `${status.output}: ${who}`,
    `${planned} planned = ${counts.join(' + ')}`,
    figures(status),
    ...(kinds.length === 0 ? [] : [`failures: ${kinds.join(', ')}`]),
    ...(waiting === null ? [] : [waiting.text]),
    ...(stopping === null ? [] : [`stopping: ${stopping}`]),
    ...endpoints.map((endpoint) => endpointLine(endpoint, updatedAt)),
    ...flightLines(status),
  ];
  return `${lines.join('\n')}\n`;
}

function figures({ meanReward, progress }: RunStatus): string {
  const mean = `mean reward ${meanReward === null ? '-' : meanReward.toFixed(3)}`;
  if (progress === null) return mean;
  const { rolloutsPerSecond: rate, etaMs, waiting } = progress;
  const eta = waiting !== null ? 'waiting' : etaMs === null ? '-' : duration(etaMs);
  return `${mean}, ${rate.toFixed(rate < 10 ? 2 : 0)} rollouts/s, ETA ${eta}`;
}

/** `policy_model http://a:8000/v1: down (connection refused), next try in 8 s`. */
function endpointLine({ server, url, state, outage, load }: EndpointOf, now: number): string {
  const parts: string[] = [];
  if (outage === null) parts.push(state === 'suspect' ? 'in doubt' : state);
  else {
    const { reason, since, nextTryAt } = outage;
    parts.push(`down for ${duration(now - since)} (${reason})`);
    // Whole seconds upwards, as the line that says what is waited for.
    const left = nextTryAt === null ? null : Math.ceil(Math.max(0, nextTryAt - now) / 1000) * 1000;
    parts.push(left === null ? 'trying now' : `next try in ${duration(left)}`);
  }
  if (load !== null) {
    parts.push(`${load.out} of at most ${load.limit} requests out`);
    if (load.queued > 0) parts.push(`${load.queued} queued`);
  }
  return `${server} ${url}: ${parts.join(', ')}`;
}

function flightLines({ inFlight, phases, progress }: RunStatus): string[] {
  const total = progress?.inFlight ?? inFlight.length;
  if (total <= NAMED) return inFlight.map(flightLine);
  const groups = Object.entries(phases).sort((a, b) => b[1].count - a[1].count);
  return [
    ...groups.map(
      ([phase, { count, idleMs }]) =>
        `  ${count} ${phase.replaceAll('_', ' ')}, the longest for ${duration(idleMs)}`,
    ),
    '  the oldest:',
    ...inFlight.slice(0, OLDEST).map((flight) => `  ${flightLine(flight)}`),
  ];
}

function flightLine(flight: FlightStatus): string {
  const { episodeId, attempts, idleMs, elapsedMs } = flight;
  const tries = attempts === 0 ? '' : `, ${attempts} ${attempts === 1 ? 'request' : 'requests'} done`;
  return `  ${episodeId}: ${describePhase(flight)} for ${duration(idleMs)} (episode ${duration(elapsedMs)}${tries})`;
}
