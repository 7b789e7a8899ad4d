/**
 * The reference's older program names and the words of the command tree that each stands for. Flags and
 * overrides follow unchanged, so new-style flags work on old names too.
 */
const LEGACY: Readonly<Record<string, readonly string[]>> = {
  run: ['env', 'start'],
  collect_rollouts: ['eval', 'run', '--no-serve'],
  e2e_collect_rollouts: ['eval', 'run'],
  dump_config: ['env', 'resolve'],
  status: ['env', 'status'],
  validate: ['env', 'validate'],
  test: ['env', 'test'],
  test_all: ['env', 'test', '--all'],
  init_resources_server: ['env', 'init'],
  list_benchmarks: ['list', 'benchmarks'],
  reward_profile: ['eval', 'profile'],
  aggregate_rollouts: ['eval', 'aggregate'],
  help: ['--help'],
  version: ['--version'],
};

/** Words to put before the arguments of a program that is called by an older name; none for `ng`. */
export function legacyWords(program: string): readonly string[] {
  const match = /^(?:ng|nemo_gym)_(\w+)$/.exec(program);
  return match === null ? [] : (LEGACY[match[1]!] ?? []);
}
