/** Python's `==` on JSON values: `true == 1`, key order is nothing, arrays and objects compare deeply. */
export function pythonEqual(a: unknown, b: unknown): boolean {
  const left = typeof a === 'boolean' ? Number(a) : a;
  const right = typeof b === 'boolean' ? Number(b) : b;
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((value, index) => pythonEqual(value, right[index]));
  }
  const one = left as Record<string, unknown>;
  const two = right as Record<string, unknown>;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(two).length) return false;
  return keys.every((key) => Object.hasOwn(two, key) && pythonEqual(one[key], two[key]));
}
