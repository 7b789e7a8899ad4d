/** Makes repeated call ids of one reply distinct: the second `call_1` becomes `call_1_2`. */
export function uniqueIds(): (id: string) => string {
  const seen = new Set<string>();
  return (id) => {
    let unique = id;
    for (let n = 2; seen.has(unique); n++) unique = `${id}_${n}`;
    seen.add(unique);
    return unique;
  };
}
