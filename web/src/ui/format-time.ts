/** Date and time with its zone, as a change log needs them. */
export function formatTime(time: Date): string {
  return time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
}

/** Date and time to the minute, for a title. */
export function formatMinute(time: Date): string {
  return time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The time of day, for what happens within minutes. */
export function formatClock(time: Date): string {
  return time.toLocaleTimeString(undefined, { timeStyle: 'medium' });
}
