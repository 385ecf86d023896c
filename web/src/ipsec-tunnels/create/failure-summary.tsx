// A failed submission in three parts: what happened, was anything created, what now.

import { Button } from '@cloudflare/kumo/components/button';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useEffect, useRef, useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { focusField } from './focus-field.ts';
import type { Action, Failure } from './outcome.ts';
import { TunnelCheck } from './tunnel-check.tsx';
import { FIELD_LABELS } from './tunnel-form.ts';

export interface FailureSummaryProps {
  readonly failure: Failure;
  readonly action: Action;
  readonly at: Date;
  readonly onRetry: () => void;
  /** Called with the tunnel when it turns out to exist after all. */
  readonly onFound: (tunnel: IpsecTunnel) => void;
}

/** Takes the focus when it appears. */
export function FailureSummary({ failure, action, at, onRetry, onFound }: FailureSummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const isUnknown = failure.created === 'unknown';
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="alert"
      className={`flex flex-col gap-2 rounded-lg px-4 py-3 ${isUnknown ? 'bg-(--text-color-kumo-danger) text-kumo-inverse' : 'bg-kumo-danger-tint text-kumo-danger'}`}
    >
      <h2 className="font-semibold">
        {isUnknown ? "We don't know whether the tunnel was created." : `${failure.title} Nothing was created.`}
      </h2>
      <p className="text-sm">
        {isUnknown && failure.title} {failure.whatNow}
      </p>
      <FailureDetails failure={failure} />
      {isUnknown && <TunnelCheck onFound={onFound} />}
      {failure.retryAfterS !== undefined && (
        <RetryCountdown until={at.getTime() + failure.retryAfterS * 1000} action={action} onRetry={onRetry} />
      )}
      <Reference failure={failure} at={at} />
    </div>
  );
}

function FailureDetails({ failure: { refusals, notes } }: { readonly failure: Failure }) {
  if (refusals.length + notes.length === 0) return null;
  return (
    <ul className="list-disc pl-5 text-sm [overflow-wrap:anywhere]">
      {refusals.map(({ field, message }) => (
        <li key={field + message}>
          <button
            type="button"
            className="min-h-6 cursor-pointer font-medium underline"
            onClick={() => focusField(field)}
          >
            {FIELD_LABELS[field]}
          </button>
          : {message}
        </li>
      ))}
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

/** What support asks for: the time, this server's request ID, and Cloudflare's ray. */
function Reference({ failure: { reference }, at }: { readonly failure: Failure; readonly at: Date }) {
  const parts = [
    at.toLocaleTimeString(),
    ...(reference?.requestId ? [`request ID ${reference.requestId}`] : []),
    ...(reference?.cfRay ? [`Cloudflare ray ${reference.cfRay}`] : []),
  ];
  return (
    <div className="flex flex-wrap items-center gap-2 text-xs">
      <span className="[overflow-wrap:anywhere]">{parts.join(' · ')}</span>
      {reference && <CopyButton label="Copy reference" text={parts.join(', ')} iconOnly />}
    </div>
  );
}

interface RetryCountdownProps {
  /** When another try makes sense, in milliseconds since the epoch. */
  readonly until: number;
  readonly action: Action;
  readonly onRetry: () => void;
}

function RetryCountdown({ until, action, onRetry }: RetryCountdownProps) {
  const [now, setNow] = useState(Date.now);
  const secondsLeft = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (secondsLeft === 0) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), 250);
    return () => clearTimeout(timer);
  });
  return (
    <div>
      {secondsLeft > 0 ? (
        <p aria-live="off" className="font-medium text-sm tabular-nums">
          {secondsLeft} s to wait
        </p>
      ) : (
        <Button size="sm" onClick={onRetry}>
          {action === 'validate' ? 'Validate again' : 'Try to create it again'}
        </Button>
      )}
    </div>
  );
}
