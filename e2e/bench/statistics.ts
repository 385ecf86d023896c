// The few statistics the measurements need.

/** The smallest value that is not exceeded by `share` (0 to 1) of the values; throws when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Takes every measurement once a round, so that a slow moment of the machine meets all of them alike. */
export async function interleave<Key, Sample>(
  keys: readonly Key[],
  rounds: number,
  take: (key: Key) => Promise<Sample> | Sample,
): Promise<Map<Key, Sample[]>> {
  const samples = new Map<Key, Sample[]>(keys.map((key) => [key, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [key, taken] of samples) taken.push(await take(key));
  }
  return samples;
}
