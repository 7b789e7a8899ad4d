/** Makes repeated call ids of one reply distinct: the second `call_1` becomes `call_1_2`. */
export function uniqueIds(): (id: string) => string {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return (id) => {
    let unique = id;
    let count = counts.get(id) ?? 1;
    while (taken.has(unique)) unique = `${id}_${++count}`;
    counts.set(id, count);
    taken.add(unique);
    return unique;
  };
}
