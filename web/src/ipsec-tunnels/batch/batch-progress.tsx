// How far a batch is, and the buttons that run and hold it.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { describe, PhaseNote } from '../../submission/many-progress.tsx';
import { SwitchField } from '../../ui/switch-field.tsx';
import { countsInWords } from './batch-words.ts';
import type { RowCounts } from './shown-rows.ts';
import type { BatchRun } from './use-batch-run.ts';

export interface BatchProgressProps {
  readonly run: BatchRun;
  readonly counts: RowCounts;
  readonly all: number;
  /** Of those, the ones that do not wait for a key that this browser does not hold. */
  readonly ready: RowCounts;
  /** Why nothing may be changed here; `undefined` where it may. */
  readonly whyNotChange: string | undefined;
  /** Called where nothing can be sent before keys are entered. */
  readonly onKeysNeeded: () => void;
}

export function BatchProgress({ run, counts, all, ready, whyNotChange, onKeysNeeded }: BatchProgressProps) {
  const { snapshot, isRunning } = run;
  const phase = snapshot?.phase;
  const ended = counts.created + counts['not-created'];
  const timeLeftMs = snapshot?.timeLeftMs ?? 0;
  const begin = (which: 'not-tried' | 'not-created') => () =>
    ready[which] === 0 ? onKeysNeeded() : void run.begin(which);
  const toTry = ready['not-tried'];
  const resumeLabel =
    ended === 0 ? `Create ${counted(toTry)}` : toTry === 0 ? 'Resume' : `Resume with ${counted(toTry)}`;
  const actions = isRunning
    ? [
        phase?.kind === 'paused' ? { label: 'Resume', run: run.resume } : { label: 'Pause', run: run.pause },
        { label: 'Stop after the current one', run: run.stop },
      ]
    : [
        ...(counts['not-tried'] > 0 ? [{ label: resumeLabel, run: begin('not-tried') }] : []),
        ...(counts['not-created'] > 0
          ? [
              {
                label: `Try ${counted(ready['not-created'] || counts['not-created'])} not created again`,
                run: begin('not-created'),
              },
            ]
          : []),
      ];
  useQuickActions(actions.map((action) => ({ ...action, disabledReason: whyNotChange })));
  return (
    <div className="flex flex-col gap-3">
      <progress aria-label="Progress" value={ended} max={all} className="h-2 w-full accent-kumo-brand" />
      <p className="font-medium tabular-nums">
        {countsInWords(counts)}
        {phase?.kind === 'running' && timeLeftMs > 0 && ` · about ${describe(timeLeftMs)} left`}
      </p>
      <p role="status" className="sr-only">
        {announcement(counts, all, isRunning)}
      </p>
      {phase && <PhaseNote phase={phase} />}
      {(actions.length > 0 || isRunning) && (
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          {actions.map(({ label, run: act }, index) => (
            <Button
              // The button that pauses becomes the one that resumes, and keeps the focus.
              key={index === 0 ? 'first' : label}
              variant={index === 0 && !isRunning ? 'primary' : 'secondary'}
              disabled={whyNotChange !== undefined}
              onClick={act}
            >
              {label}
            </Button>
          ))}
          <SwitchField
            id="stop-at-first-failure"
            label="Pause at the first failure"
            explanation="It can be resumed then."
            checked={run.stopsAtFirstFailure}
            onChange={run.setStopsAtFirstFailure}
            onBlur={() => undefined}
            errors={[]}
            advisories={[]}
          />
        </div>
      )}
      {whyNotChange && actions.length > 0 && <p className="text-kumo-subtle text-sm">{whyNotChange}</p>}
    </div>
  );
}

/** Said aloud every so many rows, not for each. */
function announcement(counts: RowCounts, all: number, isRunning: boolean): string {
  const step = Math.max(5, Math.ceil(all / 10));
  if (!isRunning) return countsInWords(counts);
  return `${Math.floor(counts.created / step) * step} of ${all} created`;
}

function counted(count: number): string {
  return count === 1 ? '1 tunnel' : `${count} tunnels`;
}
