// Cloudflare's timestamps: RFC 3339 in UTC with nanoseconds, such as 2025-03-13T14:28:47.054317925Z.

const NANOSECONDS_PER_MS = 1_000_000n;

/** A clock that tells the time of `now`, in milliseconds since the epoch, to the nanosecond, and never tells one time twice. */
export function timestamps(now: () => number): () => string {
  let last = 0n;
  return () => {
    const time = BigInt(now()) * NANOSECONDS_PER_MS + (process.hrtime.bigint() % NANOSECONDS_PER_MS);
    last = time > last ? time : last + 1n;
    return formatTimestamp(last);
  };
}

/** Takes nanoseconds since the epoch. */
export function formatTimestamp(nanoseconds: bigint): string {
  const second = new Date(Number(nanoseconds / NANOSECONDS_PER_MS))
    .toISOString()
    .slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  return `${second}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}
