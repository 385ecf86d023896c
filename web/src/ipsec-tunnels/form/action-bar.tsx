// The last validation's outcome and the two buttons; on small screens it stays at the bottom of the window.

import { Button } from '@cloudflare/kumo/components/button';
import { Loader } from '@cloudflare/kumo/components/loader';
import { CheckCircleIcon, WarningIcon } from '@phosphor-icons/react';
import { CHANGES, type ChangeAction } from '@tunnel-desk/shared/api/changes';
import { useId, useSyncExternalStore } from 'react';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { useSecondsSince } from '../../lib/use-seconds-since.ts';
import type { Running, Submission } from '../../submission/use-submission.ts';
import { BottomBar } from '../../ui/bottom-bar.tsx';
import { Time } from '../../ui/time.tsx';

export interface ActionBarProps {
  readonly change: ChangeAction;
  /** What the button that sends says, and what it says meanwhile. */
  readonly words: { readonly send: string; readonly sending: string };
  readonly running: Running | undefined;
  readonly last: Submission<unknown> | undefined;
  /** Why the person may not send it; `undefined` when they may. */
  readonly whyNot: string | undefined;
  readonly onSend: () => void;
}

/** The buttons keep the focus while something runs, which a disabled button would lose; presses are ignored then. */
export function ActionBar({ change, words, running, last, whyNot, onSend }: ActionBarProps) {
  const isIdle = running === undefined;
  const canSend = isIdle && whyNot === undefined;
  const reasonId = useId();
  return (
    <BottomBar>
      <div role="status" className="empty:hidden">
        {last?.outcome.kind === 'validated' && (
          <ValidationOutcome
            change={change}
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
          aria-keyshortcuts="Control+Enter Meta+Enter"
          icon={running?.action === 'validate' ? <Loader size={16} /> : undefined}
          className={`flex-1 justify-center ${isIdle ? '' : 'cursor-not-allowed opacity-50'}`}
        >
          {running?.action === 'validate' ? <Waiting word="Validating…" since={running.since} /> : 'Validate only'}
        </Button>
        <Button
          variant="primary"
          size="lg"
          aria-disabled={!canSend}
          aria-describedby={whyNot && reasonId}
          icon={running?.action === 'send' ? <Loader size={16} /> : undefined}
          onClick={canSend ? onSend : undefined}
          className={`flex-1 justify-center ${canSend ? '' : 'cursor-not-allowed opacity-50'}`}
        >
          {running?.action === 'send' ? <Waiting word={words.sending} since={running.since} /> : words.send}
        </Button>
      </div>
      <p className="hidden text-kumo-subtle text-xs lg:block">
        <kbd className="font-mono">{SHORTCUT}</kbd> validates from any field.
      </p>
      {whyNot && (
        <p id={reasonId} className="text-kumo-subtle text-sm">
          {whyNot}
        </p>
      )}
    </BottomBar>
  );
}

const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ Enter' : 'Ctrl+Enter';
const SAY_HOW_LONG_AFTER_S = 4;

function Waiting({ word, since }: { readonly word: string; readonly since: number }) {
  const seconds = useSecondsSince(since);
  return (
    <span className="tabular-nums">
      {word}
      {seconds >= SAY_HOW_LONG_AFTER_S && ` ${seconds} s`}
    </span>
  );
}

interface ValidationOutcomeProps {
  readonly change: ChangeAction;
  readonly messages: readonly string[];
  readonly cfRay: string | undefined;
  readonly at: Date;
  readonly version: number;
}

function ValidationOutcome({ change, messages, cfRay, at, version }: ValidationOutcomeProps) {
  const { validation } = useLiveFormContext();
  const isStale = useSyncExternalStore(validation.subscribe, () => validation.version !== version);
  const Icon = isStale ? WarningIcon : CheckCircleIcon;
  return (
    <div className={`flex items-start gap-2 text-sm ${isStale ? 'text-kumo-subtle' : 'text-kumo-success'}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" weight="fill" />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="font-medium">
          {isStale ? 'Changed since it was validated: validate again.' : `Valid. ${CHANGES[change].nothing}`}
        </p>
        {!isStale &&
          messages.map((message, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <p key={index}>{message}</p>
          ))}
        <p className="text-xs">
          <Time at={at} />
          {cfRay && ` · Cloudflare ray ${cfRay}`}
        </p>
      </div>
    </div>
  );
}
