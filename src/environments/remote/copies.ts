import type { Environment, Reach } from '../../protocol/index.js';

interface Copy {
  readonly environment: Required<Pick<Environment, 'runTool' | 'reset' | 'step' | 'dispose'>> & Environment;
  /** Episodes with it now. */
  open: number;
}

/** An episode stays with the copy that opened it. */
interface Placed {
  readonly copy: Copy;
  readonly session: unknown;
}

/** Of the copies that can be reached, the one with the fewest episodes; all the same where none can. */
function leastBusy(copies: readonly Copy[]): Copy {
  const up = copies.filter(({ environment }) => (environment.reach?.outage() ?? null) === null);
  return (up.length === 0 ? copies : up).reduce((best, copy) => (copy.open < best.open ? copy : best));
}

/** Down when all are. */
export function reachOf(copies: readonly { reach?: Reach }[]): Reach | undefined {
  const reaches = copies.flatMap(({ reach }) => (reach === undefined ? [] : [reach]));
  if (reaches.length === 0) return undefined;
  return {
    outage: () => {
      const outages = reaches.map((reach) => reach.outage());
      return outages.includes(null) ? null : outages[0]!;
    },
    endpoints: () => reaches.flatMap((reach) => reach.endpoints()),
  };
}

/** Several processes of one server as one environment. `environments` are remote ones. */
export function spreadEnvironment(environments: readonly Environment[]): Environment {
  const copies = environments.map((environment): Copy => ({
    environment: environment as Copy['environment'],
    open: 0,
  }));
  const reach = reachOf(environments);
  const at = (placed: unknown): [Copy['environment'], unknown] => {
    const { copy, session } = placed as Placed;
    return [copy.environment, session];
  };
  return {
    name: environments[0]!.name,
    tools: [],
    async open(row, call): Promise<Placed> {
      const copy = leastBusy(copies);
      copy.open += 1;
      try {
        return { copy, session: await copy.environment.open(row, call) };
      } catch (error) {
        copy.open -= 1;
        throw error;
      }
    },
    callTool(placed, name, args, call) {
      const [environment, session] = at(placed);
      return environment.callTool(session, name, args, call);
    },
    runTool(placed, name, args, call) {
      const [environment, session] = at(placed);
      return environment.runTool(session, name, args, call);
    },
    verify(placed, row, response, call) {
      const [environment, session] = at(placed);
      return environment.verify(session, row, response, call);
    },
    reset(placed, row, call) {
      const [environment, session] = at(placed);
      return environment.reset(session, row, call);
    },
    step(placed, row, response, call) {
      const [environment, session] = at(placed);
      return environment.step(session, row, response, call);
    },
    async close(placed) {
      const { copy, session } = placed as Placed;
      copy.open -= 1;
      await copy.environment.close(session);
    },
    reverifyMode: () => environments[0]!.reverifyMode!(),
    measure: (body, call) => environments[0]!.measure!(body, call),
    ...(reach !== undefined && { reach }),
    async dispose() {
      await Promise.all(copies.map(({ environment }) => environment.dispose()));
    },
  };
}
