// How far a run is, how long it still takes, and the buttons that hold it.

import { Button } from '@cloudflare/kumo/components/button';
import { useSecondsSince } from '../lib/use-seconds-since.ts';
import type { ManyOutcomes } from './many-outcomes.ts';
import type { Failure } from './outcome.ts';
import type { ManyRunSnapshot, RunPhase } from './run-many.ts';
import type { ManyRunState } from './use-many-run.ts';

export interface ManyProgressProps<Item, Result> {
  readonly snapshot: ManyRunSnapshot<Item, Result>;
  readonly outcomes: ManyOutcomes<Item, Result>;
  /** What each was, in "12 of 20 deleted". */
  readonly participle: string;
}

export function ManyProgress<Item, Result>({ snapshot, outcomes, participle }: ManyProgressProps<Item, Result>) {
  const { phase, entries, timeLeftMs } = snapshot;
  const ended = entries.length - outcomes.open.length;
  const parts = [
    `${outcomes.done.length} of ${entries.length} ${participle}`,
    ...(outcomes.notDone.length > 0 ? [`${outcomes.notDone.length} not`] : []),
    ...(outcomes.lost.length + outcomes.unknown.length > 0
      ? [`${outcomes.lost.length + outcomes.unknown.length} to look at`]
      : []),
  ];
  return (
    <div className="flex flex-col gap-2">
      <progress aria-label="Progress" value={ended} max={entries.length} className="h-2 w-full accent-kumo-brand" />
      <p className="text-sm tabular-nums">
        {parts.join(' · ')}
        {phase.kind === 'running' &&
          timeLeftMs !== undefined &&
          timeLeftMs > 0 &&
          ` · about ${describe(timeLeftMs)} left`}
      </p>
      <PhaseNote phase={phase} />
    </div>
  );
}

/** Why nothing is being sent at the moment. */
export function PhaseNote({ phase }: { readonly phase: RunPhase }) {
  return (
    <div role="status" className="text-sm">
      {phase.kind === 'asked-to-wait' && <AskedToWait until={phase.until} />}
      {phase.kind === 'paused' && phase.because === undefined && 'Paused. What is under way still ends.'}
      {phase.kind === 'paused' && phase.because !== undefined && (
        <p className="rounded-lg bg-kumo-warning-tint px-3 py-2">
          Paused: {phase.because.title} {whatNow(phase.because)}
        </p>
      )}
    </div>
  );
}

function whatNow({ needsSignIn, isAboutAll, effect, whatNow: first }: Failure): string {
  if (needsSignIn) return 'Sign in again in another tab, then resume here.';
  if (effect === 'unknown') return 'Two in a row have no known outcome. Resume when the desk responds again.';
  if (isAboutAll) return `${first} Resume when that has passed.`;
  return 'It pauses at the first failure. Resume to go on with the rest.';
}

function AskedToWait({ until }: { readonly until: number }) {
  const seconds = Math.max(0, -useSecondsSince(until));
  return (
    <>
      Cloudflare asked us to wait: it goes on by itself
      <span aria-live="off"> in {seconds} s.</span>
    </>
  );
}

export type RunButtonsProps = Pick<ManyRunState<unknown, unknown>, 'pause' | 'resume' | 'stop'> & {
  readonly phase: RunPhase;
};

export function RunButtons({ phase, pause, resume, stop }: RunButtonsProps) {
  return (
    <>
      {phase.kind === 'paused' ? <Button onClick={resume}>Resume</Button> : <Button onClick={pause}>Pause</Button>}
      <Button onClick={stop}>Stop</Button>
    </>
  );
}

/** "8 s", "3 min": how long it takes, as well as one can tell. */
export function describe(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
