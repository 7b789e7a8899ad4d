import type { Json, JsonObject } from '../../protocol/index.js';
import { textOf, type Entity } from '../registry/index.js';

export const DEPLOYMENT_STATUSES = [
  'UNKNOWN',
  'CREATED',
  'PENDING',
  'READY',
  'ERROR',
  'DELETING',
  'DELETED',
  'LOST',
] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** Unit: characters. */
export const MAX_MESSAGE = 1000;
const MAX_HISTORY = 100;

interface Step {
  readonly timestamp: string;
  readonly status: string;
  readonly status_message: string;
}

export function statusOf({ data }: Entity): DeploymentStatus {
  return data['status'] as DeploymentStatus;
}

/**
 * The data of a deployment that has come to another status; undefined where nothing is new. The history has every status
 * with when it was reached first, the present one last. `now`: epoch milliseconds. `first`: the status before the first
 * change is in it too.
 */
export function moved(
  { data, createdAt }: Entity,
  now: number,
  status: DeploymentStatus,
  message: string,
  first = true,
): JsonObject | undefined {
  const said = message.slice(0, MAX_MESSAGE);
  if (data['status'] === status && textOf(data, 'status_message') === said) return undefined;
  const history = (data['status_history'] ?? []) as unknown as Step[];
  const begun: Step = {
    timestamp: `${createdAt}Z`,
    status: textOf(data, 'status'),
    status_message: textOf(data, 'status_message'),
  };
  const steps = [...(history.length === 0 && first ? [begun] : history)];
  steps.push({ timestamp: stampOf(now), status, status_message: said });
  return {
    ...data,
    status,
    status_message: said,
    status_history: steps.slice(-MAX_HISTORY) as unknown as Json,
  };
}

/** As the other times of the platform have it, with the zone. */
function stampOf(now: number): string {
  return new Date(now).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}
