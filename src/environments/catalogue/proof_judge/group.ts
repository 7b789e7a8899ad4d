import type { EnvironmentContext } from '../../kit/definition.js';

interface Group {
  readonly scores: number[];
  readonly done: Promise<boolean>;
  resolve(allWrong: boolean): void;
}

/** The groups of an environment that are not complete yet, by their problem. */
const groups = new WeakMap<object, Map<string, Group>>();

/**
 * Whether every proof of a problem was found wrong: answered when as many have been judged as belong together. Whoever
 * waits is let go by the time limit of the verification.
 */
export async function allWrong(
  { config }: EnvironmentContext<object>,
  problem: string,
  score: number,
  size: number,
): Promise<boolean> {
  const open = groups.get(config) ?? new Map<string, Group>();
  groups.set(config, open);
  const group = open.get(problem) ?? newGroup();
  open.set(problem, group);
  group.scores.push(score);
  if (group.scores.length === size) {
    open.delete(problem);
    group.resolve(group.scores.every((one) => one === 0));
  }
  return group.done;
}

function newGroup(): Group {
  let resolve: Group['resolve'] = () => undefined;
  const done = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  return { scores: [], done, resolve };
}
