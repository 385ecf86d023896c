import { Button } from '@cloudflare/kumo/components/button';
import type { Keeping } from './use-keeping.ts';

export interface KeepingStatusProps {
  readonly keeping: Keeping;
  readonly mayChange: boolean;
}

/** Where what was entered stays, and whether it does. */
export function KeepingStatus({ keeping: { state, retry }, mayChange }: KeepingStatusProps) {
  if (!mayChange) {
    return (
      <p className="text-kumo-subtle text-sm">
        What you enter here is not kept, and never goes to Cloudflare: to keep it takes the operator role.
      </p>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <p className="text-kumo-subtle">
        What you enter here is kept with this tunnel in this desk, without keys. It never goes to Cloudflare.
      </p>
      <p role="status" className={state === 'failed' ? 'text-kumo-danger' : 'text-kumo-subtle'}>
        {WORDS[state]}
      </p>
      {state === 'failed' && (
        <Button size="sm" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

const WORDS: Readonly<Record<Keeping['state'], string>> = {
  unchanged: '',
  keeping: 'Keeping…',
  kept: 'Kept.',
  failed: "It can't be kept just now; the files are right all the same.",
};
