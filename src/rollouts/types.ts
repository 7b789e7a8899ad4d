import type { HostServers, PlatformLookup } from '../graph/index.js';
import type { Clock, EndpointStatus, FailureKind, Outage, Phase } from '../protocol/index.js';

/** `planned` is always the sum of the other five; it is checked before anything is printed. Unit: rollouts. */
export interface Balance {
  planned: number;
  scored: number;
  failed: number;
  masked: number;
  cancelled: number;
  owed: number;
}

/** The files of a run, absolute paths. Names follow the reference: `<stem>_….jsonl` next to the output. */
export interface RunFiles {
  rollouts: string;
  materializedInputs: string;
  failures: string;
  aggregateMetrics: string;
  manifest: string;
}

/** What a run waits for: nothing new begins until it can be reached again. */
export interface Waiting extends Outage {
  /** Of the server: a model, an environment or an agent. */
  name: string;
  /** `waiting for policy_model since 12:03:07 (connection refused), next try in 8 s`. */
  text: string;
}

/** An endpoint and the server that it belongs to. */
export interface EndpointOf extends EndpointStatus {
  server: string;
}

/** A moment of a run, for progress display. Taken from counters only: cheap at any rate. */
export interface Progress extends Balance {
  inFlight: number;
  /** Mean over all scored rollouts, those of earlier runs among them; null before the first. */
  meanReward: number | null;
  elapsedMs: number;
  /** Scored by this process in the last minute, per second. */
  rolloutsPerSecond: number;
  /** Null when nothing is scored at present. */
  etaMs: number | null;
  /** Null while everything can be reached. */
  waiting: Waiting | null;
  /** More of the dataset is still being planned: `planned` grows. */
  planning: boolean;
  /** The in-flight episode that has been without progress for longest. */
  oldest: { episodeId: string; phase: Phase; detail: string; idleMs: number } | null;
}

export interface AgentSummary {
  agent: string;
  planned: number;
  scored: number;
  failed: number;
  /** Over, but their reward is no measurement. */
  masked: number;
  /** Share of planned rollouts with a reward, 0 to 1. */
  coverage: number;
  /** Over scored rollouts. */
  meanReward: number | null;
  /** Mean over tasks of the mean reward of each: another number where tasks have different numbers of rewards. */
  meanOverTasks?: number | null;
  /** `{k: pass@k}`, 0 to 1, where tasks have repeats. */
  passAtK: Record<string, number>;
  tokens: { input: number | null; output: number | null };
  failures: Partial<Record<FailureKind, number>>;
  /** What the scored rollouts cost; null when a price or a token count is unknown. Unit: US dollars. */
  costUsd?: number | null;
  /** What the judges of the stored rollouts used, beside that; absent where none was asked. */
  judges?: {
    calls: number;
    tokens: { input: number | null; output: number | null };
    costUsd: number | null;
  };
}

export interface RunSummary {
  status: 'complete' | 'incomplete' | 'interrupted';
  balance: Balance;
  agents: AgentSummary[];
  elapsedMs: number;
  files: RunFiles;
  /** What to do next, as a command line or a short sentence. */
  next: string;
  /** Why the run ended before everything was played, as a sentence. */
  stopped?: string;
}

/**
 * What a run tells its reporter, in order: notices and one `start`, any number of `progress`, one `end`. `waiting` and
 * `resumed` come in turns, when something that the run needs cannot be reached and when all can be reached again.
 */
export type RunEvent =
  | { type: 'notice'; level: 'info' | 'warn'; message: string }
  | {
      type: 'start';
      planned: number;
      /** With a reward, or deliberately without one. */
      alreadyDone: number;
      /** To be played; what failed before and is tried again among it. */
      owed: number;
      concurrency: number;
      files: RunFiles;
      resumed: boolean;
    }
  | { type: 'waiting'; waiting: Waiting; maxSeconds: number }
  | { type: 'resumed'; name: string; waitedMs: number }
  | { type: 'progress'; progress: Progress }
  | { type: 'end'; summary: RunSummary };

/** Receives a run's events; must not throw and never changes the result. */
export type Reporter = (event: RunEvent) => void;

/** One episode in flight. Times in milliseconds. */
export interface FlightStatus {
  episodeId: string;
  phase: Phase;
  detail: string;
  /** Since the phase last changed. */
  idleMs: number;
  /** Since the episode began. */
  elapsedMs: number;
  /** Requests sent so far. */
  attempts: number;
}

/** What a run is doing, for `SIGUSR1` and `ng eval status`. */
export interface RunStatus {
  /** `running` = a process works on it; `stopped` = none does, the counts are those of the files. */
  state: 'running' | 'stopped';
  output: string;
  pid: number | null;
  /** Epoch milliseconds. */
  updatedAt: number;
  balance: Balance;
  /** Null when nothing runs. */
  progress: Progress | null;
  /** Over all scored rollouts; null before the first. */
  meanReward: number | null;
  /** Rollouts whose last word is a failure. */
  failures: Partial<Record<FailureKind, number>>;
  /** Null while everything can be reached. */
  waiting: Waiting | null;
  /** Of models, and of environments and agents that run elsewhere. */
  endpoints: EndpointOf[];
  /** What the episodes in flight do: how many, and how long the longest has not moved. */
  phases: Partial<Record<Phase, { count: number; idleMs: number }>>;
  /** Longest without progress first; at most 200. */
  inFlight: FlightStatus[];
  /** Why dispatch has ended, if it has. */
  stopping: string | null;
}

export interface RunControl {
  status(): RunStatus;
  /** Episodes that are finished before a run that was asked to stop ends. */
  finishing(): number;
}

/** What a user can paste when an output belongs to a different run. Secrets are masked. */
export interface CommandLines {
  /** The same command, with the former files moved aside. */
  overwrite: string;
  /** The same command, keeping what still fits. */
  reuse: string;
  /** Scores the stored replies again, in the files of the run. */
  rescore: string;
}

export interface CollectOptions {
  /** Where relative output paths start. */
  cwd: string;
  /**
   * Where tasks come from: `input` = the file that `input_jsonl_fpath` names (the default); `split` = the datasets
   * of type `split` that the configured agents declare, unless only an input file is given.
   */
  source?: 'input' | 'split';
  /** `drain` ends dispatch and lets what is in flight finish; `abort` cancels what is in flight too. */
  signals?: { drain?: AbortSignal; abort?: AbortSignal };
  reporter?: Reporter;
  /** Environment variables; default: those of the process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Given a handle to the run when it starts to play, to ask what it is doing. */
  onControl?: (control: RunControl) => void;
  /** For messages: the command as it can be typed again. */
  commands?: CommandLines;
  /** Default: the system's. */
  clock?: Clock;
  /** Uniform in [0, 1); default: `Math.random`. */
  random?: () => number;
  /** Starts programs that the run needs and that are not built in; absent: such a run is refused. */
  host?: HostServers;
  /** Finds the platform's providers and virtual models that model blocks name; absent: such blocks are refused. */
  platform?: PlatformLookup;
}
