import type { JsonText } from './json-number.js';
import type { ScannedRow } from './row-scanner.js';

/** Any value that JSON text can hold. */
export type Plain = null | boolean | number | string | Plain[] | PlainObject;
export interface PlainObject {
  [key: string]: Plain;
}

/** A value of a metrics file: like {@link Plain}, but numbers may carry their exact form. */
export type MetricsValue = null | boolean | number | string | JsonText | MetricsValue[] | MetricsObject;
export interface MetricsObject {
  [key: string]: MetricsValue;
}

/** What to compute besides the baseline statistics, declared as data by an environment. */
export interface PassMajority {
  /** Score name → numeric field of the row, or what makes it of the row. Default: `{accuracy: 'reward'}`. */
  scores?: Readonly<Record<string, string | ((row: PlainObject) => number)>>;
  /** Field with the extracted answer; turns on majority@k and `no_answer`. */
  answerKey?: string;
  /** The prefixes of the names under which a task with these rollouts counts too, in a family of their own. */
  groups?(task: readonly PlainObject[]): readonly string[];
  /** Further metrics, made of these. */
  derived?(metrics: PlainObject): PlainObject;
}

/** An environment can be given as it is. */
export interface AggregatorOptions {
  readonly passMajority?: PassMajority | undefined;
  /** The same pass@k family again for each value of this field, named `<value>/…`. */
  readonly subsetKey?: string | undefined;
  /** An environment's own agent metrics from rows without their `response` (its `usage` stays), by ascending task. */
  metrics?(tasks: readonly (readonly PlainObject[])[]): PlainObject;
  /** Picks the headline metrics; default: every `mean/…`. */
  keyMetrics?(agentMetrics: PlainObject): PlainObject;
  /** Which rollouts of a task are "the first k": by rollout index (default) or as they were added. */
  readonly order?: 'sorted' | 'received';
}

/** The three parts of the reference's aggregate metrics. Groups are made one by one while iterated. */
export interface Aggregate {
  agent_metrics: MetricsObject;
  key_metrics: MetricsObject;
  group_level_metrics: Iterable<MetricsObject>;
}

export interface Aggregator {
  /** Takes one stored row, as its JSON text or already scanned. Throws SyntaxError for text that is not one object. */
  add(row: string | ScannedRow): void;
  /** Throws {@link DuplicateRolloutError} when a (task, rollout) pair was added twice. */
  finish(): Aggregate;
}
