// Moments as a person types them, in their own time, and as a URL has them, in UTC.

/** What a `datetime-local` control shows for a moment, to the minute; empty for none. */
export function toLocalInput(moment: string | undefined): string {
  const time = moment === undefined ? Number.NaN : Date.parse(moment);
  if (Number.isNaN(time)) return '';
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment that such a control means, ISO 8601 in UTC; `undefined` for none. */
export function fromLocalInput(value: string): string | undefined {
  // Without a zone it is local time (ECMA-262, date time string format).
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** The moment that is so many minutes ago, to the minute. */
export function minutesAgo(minutes: number, now = Date.now()): string {
  const MINUTE_MS = 60_000;
  return new Date(Math.floor(now / MINUTE_MS) * MINUTE_MS - minutes * MINUTE_MS).toISOString();
}
