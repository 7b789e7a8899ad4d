import type { ExecutorKind } from '../override.js';
import type { Spec } from '../spec.js';

/** One version of a deployment that is to run. */
export interface Order {
  readonly workspace: string;
  readonly name: string;
  /** Of this version: another one is another thing to run. */
  readonly id: string;
  readonly spec: Spec;
  /** Variables of the environment whose values nobody is to see. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** How it is with what runs. */
export interface RunState {
  /**
   * `pending`: it is coming up, also again; `ready`: it answers at `url`; `error`: it was given up; `lost`: it was there
   * and is not found any more, though it may come back.
   */
  readonly phase: 'pending' | 'ready' | 'error' | 'lost';
  readonly message: string;
  readonly url?: string;
}

export type Tell = (state: RunState) => void;

/** What runs for one order. */
export interface Run {
  /** What it printed last, oldest first. */
  logs(lines: number): Promise<readonly string[]>;
  /** Ends it; nothing is left of it when this resolves, and nothing more is told. */
  stop(): Promise<void>;
  /** The platform closes: what can go on without it does. Nothing more is told. */
  leave(): Promise<void>;
}

/** One way of running servers of models. */
export interface Executor {
  readonly kind: ExecutorKind;
  /** Why it cannot run this, or null. */
  refuses(spec: Spec): string | null;
  /** Starts it, or finds what an earlier platform left running of it. Never throws: what goes wrong is told. */
  start(order: Order, tell: Tell): Run;
  /** Ends what an earlier platform left of a deployment. Rejects when that cannot be known now. */
  discard(workspace: string, name: string): Promise<void>;
  /** Ends what earlier platforms left of deployments that are not known (`workspace/name`) any more. */
  tidy(known: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

/** `workspace/name` */
export function orderName({ workspace, name }: Pick<Order, 'workspace' | 'name'>): string {
  return `${workspace}/${name}`;
}

const MAX_LINES_TOLD = 12;
const ROOM = 900;

/** A message with the last lines that a server printed, as many as a status has room for. */
export function withLines(message: string, lines: readonly string[]): string {
  const shown: string[] = [];
  let left = ROOM - message.length;
  for (const line of lines.slice(-MAX_LINES_TOLD).toReversed()) {
    left -= line.length + 3;
    if (left < 0) break;
    shown.unshift(line);
  }
  if (shown.length > 0) return `${message}: ${shown.join(' | ')}`;
  const last = lines.at(-1);
  return last === undefined
    ? `${message}; it printed nothing`
    : `${message}: ${last.slice(0, Math.max(0, ROOM - message.length))}`;
}
