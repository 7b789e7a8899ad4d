/**
 * Keys that the block of any server may have. They change neither what is asked nor how it is scored, so a run may be
 * resumed with others.
 */

/** How a server is started and reached. */
export const SERVING_KEYS: readonly string[] = ['entrypoint', 'host', 'port', 'num_workers'];

/** What is noted about a server. */
export const NOTE_KEYS: readonly string[] = [
  'domain',
  'verified',
  'description',
  'value',
  'license',
  'datasets',
  'allowed_agents',
  'reward_range',
  'higher_is_better',
];
