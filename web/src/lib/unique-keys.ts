// Keys for lists whose entries may say the same: React leaves an entry on the page for good where two share a key.

export interface Keyed<Item> {
  readonly key: string;
  readonly item: Item;
}

/**
 * Gives every item a key of its own: the one it is known by, and before it how many items so far have had the same.
 * An item keeps its key as long as none before it takes or leaves the same one.
 */
export function withUniqueKeys<Item>(items: readonly Item[], keyOf: (item: Item) => string): Keyed<Item>[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const key = keyOf(item);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return { key: `${count}:${key}`, item };
  });
}
