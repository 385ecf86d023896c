// The last validation's result and the two buttons; on small screens it stays at the bottom of the window.

import { Button } from '@cloudflare/kumo/components/button';
import { Loader } from '@cloudflare/kumo/components/loader';
import { CheckCircleIcon, WarningIcon } from '@phosphor-icons/react';
import { useId, useSyncExternalStore } from 'react';
import { BottomBar } from '../../ui/bottom-bar.tsx';
import { formatTime } from '../../ui/format-time.ts';
import { useTunnelForm } from './form-context.tsx';
import type { Action } from './outcome.ts';
import type { Submission } from './use-submission.ts';

export interface ActionBarProps {
  readonly running: Action | undefined;
  readonly last: Submission | undefined;
  /** Why the person may not create here; `undefined` when they may. */
  readonly createRefusal: string | undefined;
  readonly onCreate: () => void;
}

/** The buttons keep the focus while something runs, which a disabled button would lose; presses are ignored then. */
export function ActionBar({ running, last, createRefusal, onCreate }: ActionBarProps) {
  const isIdle = running === undefined;
  const canCreate = isIdle && createRefusal === undefined;
  const refusalId = useId();
  return (
    <BottomBar>
      <div role="status" className="empty:hidden">
        {last?.outcome.kind === 'validated' && (
          <ValidationResult
            messages={last.outcome.messages}
            cfRay={last.outcome.cfRay}
            at={last.at}
            version={last.version}
          />
        )}
      </div>
      <div className="flex gap-3">
        <Button
          type="submit"
          size="lg"
          aria-disabled={!isIdle}
          icon={running === 'validate' ? <Loader size={16} /> : undefined}
          className={`flex-1 justify-center ${isIdle ? '' : 'cursor-not-allowed opacity-50'}`}
        >
          {running === 'validate' ? 'Validating…' : 'Validate only'}
        </Button>
        <Button
          variant="primary"
          size="lg"
          aria-disabled={!canCreate}
          aria-describedby={createRefusal && refusalId}
          icon={running === 'create' ? <Loader size={16} /> : undefined}
          onClick={canCreate ? onCreate : undefined}
          className={`flex-1 justify-center ${canCreate ? '' : 'cursor-not-allowed opacity-50'}`}
        >
          {running === 'create' ? 'Creating…' : 'Create tunnel'}
        </Button>
      </div>
      {createRefusal && (
        <p id={refusalId} className="text-kumo-subtle text-sm">
          {createRefusal}
        </p>
      )}
    </BottomBar>
  );
}

interface ValidationResultProps {
  readonly messages: readonly string[];
  readonly cfRay: string | undefined;
  readonly at: Date;
  readonly version: number;
}

function ValidationResult({ messages, cfRay, at, version }: ValidationResultProps) {
  const { store } = useTunnelForm();
  const isStale = useSyncExternalStore(store.subscribe, () => store.version !== version);
  const Icon = isStale ? WarningIcon : CheckCircleIcon;
  return (
    <div className={`flex items-start gap-2 text-sm ${isStale ? 'text-kumo-warning' : 'text-kumo-success'}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" weight="fill" />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="font-medium">
          {isStale ? 'Changed since it was validated: validate again.' : 'Valid. Nothing was created.'}
        </p>
        {!isStale && messages.map((message) => <p key={message}>{message}</p>)}
        <p className="text-xs">
          {formatTime(at)}
          {cfRay && ` · Cloudflare ray ${cfRay}`}
        </p>
      </div>
    </div>
  );
}
