import { useEffect, useState } from 'react';
import { formatTime } from './format-time.ts';

const STEPS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const;
const TICK_MS = 10_000;
const FORMAT = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** How long ago a moment was, such as "3 minutes ago"; its date shows where one points at it. */
export function Age({ at }: { readonly at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  // What can't be read as a date is shown as it came.
  if (Number.isNaN(date.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={date.toISOString()} title={formatTime(date)}>
      {ageInWords(now - date.getTime())}
    </time>
  );
}

/** Whole units, the largest that fits: 150,000 ms are "2 minutes ago". */
export function ageInWords(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const step = STEPS.find((each) => seconds >= each.seconds);
  return step === undefined ? 'less than a minute ago' : FORMAT.format(-Math.floor(seconds / step.seconds), step.unit);
}
