/** What a pattern can be compiled with, as in Python's `re`. */
export interface PythonFlags {
  /** `re.IGNORECASE` */
  ignoreCase?: boolean;
  /** `re.MULTILINE` */
  multiline?: boolean;
  /** `re.DOTALL` */
  dotAll?: boolean;
  /** `re.VERBOSE` */
  verbose?: boolean;
  /** `re.ASCII` */
  ascii?: boolean;
}

/** Flags as bits: a part of a pattern has its own. */
export const Flag = { ignoreCase: 1, multiline: 2, dotAll: 4, verbose: 8, ascii: 16, unicode: 32 } as const;

/** `a` and `u`: exactly one of them holds. */
export const TYPE_FLAGS = Flag.ascii | Flag.unicode;

export function flagBits(flags: PythonFlags): number {
  let bits = 0;
  for (const [name, bit] of Object.entries(Flag)) {
    if (name !== 'unicode' && flags[name as keyof PythonFlags] === true) bits |= bit;
  }
  return bits;
}

/** The flags inside of `(?add-remove:…)`. */
export function combineFlags(flags: number, add: number, remove: number): number {
  const kept = (add & TYPE_FLAGS) === 0 ? flags : flags & ~TYPE_FLAGS;
  return (kept | add) & ~remove;
}
