import { CallFailure, type Call } from '../protocol/index.js';
import type { Peer } from './peer.js';

/** The reference's limit for it: all rollouts of a run are in one body. Unit: milliseconds. */
const METRICS_MS = 600_000;

/** `POST /aggregate_metrics` of another server; null where it has no such route. Throws {@link CallFailure}. */
export async function askMetrics(peer: Peer, body: string, call: Call): Promise<string | null> {
  const out = peer.reach?.outage() ?? null;
  if (out !== null) throw new CallFailure('connect_refused', `${peer.baseUrl}: ${out.reason}`);
  const path = '/aggregate_metrics';
  const reply = await peer.request({ path, body, timeoutMs: METRICS_MS, replaySafe: true }, call);
  if (reply.status === 404 || reply.status === 405) return null;
  if (reply.status === 200) return reply.text;
  throw new CallFailure('bad_request', `${peer.baseUrl}${path}: HTTP ${reply.status}`, {
    status: reply.status,
  });
}
