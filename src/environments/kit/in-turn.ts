/** Does the work for each item, all at once or one after the other; the results in the order of the items. */
export async function inTurnOrAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: boolean,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  if (atOnce) return Promise.all(items.map(work));
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
