import type { FlightStatus, RunStatus } from '../types.js';
import type { Flight } from './in-flight.js';
import { describePhase } from './watchdog.js';

/** At most so many episodes are told of. */
export const MAX_FLIGHTS = 200;

export function flightStatus(flight: Flight, now: number): FlightStatus {
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

/** A status as text: one line of counts, then one line per episode in flight, the longest silent first. */
export function describeStatus(status: RunStatus): string {
  const { balance, inFlight, progress, stopping } = status;
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
  const lines = [`${status.output}: ${who}`, `${planned} planned = ${counts.join(' + ')}`];
  if (stopping !== null) lines.push(`stopping: ${stopping}`);
  for (const flight of inFlight) {
    const tries = flight.attempts === 0 ? '' : `, ${flight.attempts} requests done`;
    lines.push(
      `  ${flight.episodeId}: ${describePhase(flight)} for ${duration(flight.idleMs)} (episode ${duration(flight.elapsedMs)}${tries})`,
    );
  }
  const hidden = (progress?.inFlight ?? 0) - inFlight.length;
  if (hidden > 0) lines.push(`  … and ${hidden} more`);
  return `${lines.join('\n')}\n`;
}
