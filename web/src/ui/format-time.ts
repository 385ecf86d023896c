/** Date and time with its zone, as a change log needs them. */
export function formatTime(time: Date): string {
  return time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
}
