// The button that has Cloudflare validate all rows, at which pace, how far that is, and what came of it.

import { Button } from '@cloudflare/kumo/components/button';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { describe, PhaseNote, RunButtons } from '../../submission/many-progress.tsx';
import { CONTROL } from '../../ui/control.ts';
import type { Validation } from './use-validate-all.ts';
import { VALIDATION_RATES } from './validation-rate.ts';

export interface ValidateAllProps {
  readonly validation: Validation;
  /** Those to validate: without issues. */
  readonly rows: readonly ImportRow[];
}

export function ValidateAll({ validation, rows }: ValidateAllProps) {
  const { snapshot, responseTo, start, rate, setRate } = validation;
  const isRunning = snapshot !== undefined && snapshot.phase.kind !== 'ended';
  const responses = rows.map(responseTo);
  const valid = responses.filter((response) => response?.kind === 'valid').length;
  const refused = responses.filter((response) => response?.kind === 'refused').length;
  const failed = responses.filter((response) => response?.kind === 'failed').length;
  const left = rows.filter((row) => responseTo(row)?.kind !== 'valid');
  const begin = () => start(left.length > 0 ? left : rows);
  const isPartly = valid > 0 && left.length > 0;
  return (
    <section aria-label="Validation by Cloudflare" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        {isRunning ? (
          <RunButtons phase={snapshot.phase} {...validation} />
        ) : (
          <Button disabled={rows.length === 0} onClick={begin}>
            {isPartly ? `Validate the other ${left.length}` : 'Validate all'}
          </Button>
        )}
        <label className="flex items-center gap-2 text-sm">
          Rows a second
          <select
            value={rate}
            onChange={(event) => {
              const chosen = VALIDATION_RATES.find((each) => String(each) === event.target.value);
              if (chosen !== undefined) setRate(chosen);
            }}
            className={`${CONTROL} w-16`}
          >
            {VALIDATION_RATES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <p className="min-w-0 flex-1 basis-60 text-kumo-subtle text-sm max-sm:hidden">
          Cloudflare checks each row and creates nothing. It allows 1,200 requests in 5 minutes, 4 a second, to
          everybody and everything that uses the same Cloudflare user: leave some for others.
        </p>
      </div>
      {snapshot && <ValidationProgress snapshot={snapshot} />}
      <p role="status" className="text-sm tabular-nums">
        {!isRunning && snapshot && summary(valid, refused, failed, rows.length)}
      </p>
    </section>
  );
}

function ValidationProgress({ snapshot }: { readonly snapshot: NonNullable<Validation['snapshot']> }) {
  const { phase, entries, timeLeftMs } = snapshot;
  if (phase.kind === 'ended') return null;
  const done = entries.filter(({ state }) => state.kind === 'done').length;
  return (
    <div className="flex flex-col gap-1">
      <progress aria-label="Validated" value={done} max={entries.length} className="h-2 w-full accent-kumo-brand" />
      <p className="text-sm tabular-nums">
        {done} of {entries.length} validated
        {phase.kind === 'running' &&
          timeLeftMs !== undefined &&
          timeLeftMs > 0 &&
          ` · about ${describe(timeLeftMs)} left`}
      </p>
      <PhaseNote phase={phase} />
    </div>
  );
}

function summary(valid: number, refused: number, failed: number, all: number): string {
  const others = all - valid - refused - failed;
  return [
    `${valid} of ${all} valid`,
    ...(refused > 0 ? [`${refused} refused by Cloudflare`] : []),
    ...(failed > 0 ? [`${failed} could not be validated`] : []),
    ...(others > 0 ? [`${others} not validated`] : []),
  ].join(' · ');
}
