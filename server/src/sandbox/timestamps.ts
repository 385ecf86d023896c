// Cloudflare's timestamps: RFC 3339 in UTC with nanoseconds, such as 2025-03-13T14:28:47.054317925Z.

const NANOSECONDS_PER_MS = 1_000_000;

/** A clock that tells the time of `now`, in milliseconds since the epoch, to the nanosecond, and never tells one time twice. */
export function timestamps(now: () => number): () => string {
  let last = { ms: 0, nanoseconds: 0 };
  return () => {
    const time = { ms: Math.floor(now()), nanoseconds: Number(process.hrtime.bigint() % BigInt(NANOSECONDS_PER_MS)) };
    last = isLater(time, last) ? time : afterwards(last);
    return formatTimestamp(last.ms, last.nanoseconds);
  };
}

interface Time {
  /** Since the epoch. */
  readonly ms: number;
  /** Of that millisecond. */
  readonly nanoseconds: number;
}

function isLater(time: Time, than: Time): boolean {
  return time.ms === than.ms ? time.nanoseconds > than.nanoseconds : time.ms > than.ms;
}

function afterwards({ ms, nanoseconds }: Time): Time {
  return nanoseconds + 1 < NANOSECONDS_PER_MS ? { ms, nanoseconds: nanoseconds + 1 } : { ms: ms + 1, nanoseconds: 0 };
}

/** Takes whole milliseconds since the epoch, and the nanoseconds of that millisecond. */
export function formatTimestamp(ms: number, nanoseconds: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}${String(nanoseconds).padStart(6, '0')}Z`;
}
