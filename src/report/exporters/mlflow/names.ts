const LONGEST = 250;
const GAP = '___';

/** A metric's name as MLflow takes it: `@` spelled out, other illegal characters `_`, the middle of a long one left out. */
export function mlflowName(name: string): string {
  const legal = name.replaceAll('@', '_at_').replaceAll(/[^\w\-. /]/g, '_');
  if (legal.length <= LONGEST) return legal;
  const half = (LONGEST - GAP.length) / 2;
  return legal.slice(0, Math.ceil(half)) + GAP + legal.slice(-Math.floor(half));
}
