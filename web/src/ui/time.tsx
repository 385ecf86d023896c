import { formatTime } from './format-time.ts';

/** A moment in the person's own time; its exact time in UTC shows where one points at it. */
export function Time({ at }: { readonly at: Date | string }) {
  const date = typeof at === 'string' ? new Date(at) : at;
  // What can't be read as a date is shown as it came.
  if (Number.isNaN(date.getTime())) return <span>{String(at)}</span>;
  const exact = date.toISOString();
  return (
    <time dateTime={exact} title={exact}>
      {formatTime(date)}
    </time>
  );
}
