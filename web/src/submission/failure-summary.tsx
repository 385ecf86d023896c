// A failed submission in three parts: what happened, was anything done, what now.

import { Button } from '@cloudflare/kumo/components/button';
import { CHANGES, type ChangeAction } from '@tunnel-desk/shared/api/changes';
import type { ReactNode } from 'react';
import { useSecondsSince } from '../lib/use-seconds-since.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { FocusedAlert } from '../ui/focused-alert.tsx';
import { formatClock, formatTime } from '../ui/format-time.ts';
import { type Action, type Failure, type FieldError, INTERRUPTED } from './outcome.ts';
import { type Found, type OutcomeCheck, useOutcomeCheck } from './outcome-check.ts';

export interface FailureSummaryProps<Result> {
  readonly failure: Failure;
  readonly change: ChangeAction;
  readonly action: Action;
  readonly at: Date;
  /** What it is done to, in a word: "tunnel". */
  readonly noun: string;
  /** The name of the resource. */
  readonly name: string;
  /** The name of what a create made, which may be that of an earlier one. */
  readonly nameOf?: (result: Result) => string;
  /** The errors of fields that still hold: those whose field has changed since are gone. */
  readonly fieldErrors: readonly FieldError[];
  /** A link to the field of the form. */
  readonly linkTo: (field: string) => ReactNode;
  readonly onRetry: () => void;
  readonly onSignIn: () => void;
  /** Looks for what became of it. */
  readonly find: () => Promise<Found<Result>>;
  /** What the button says that goes on where it turns out to be done after all. */
  readonly goOn: string;
  /** Goes on. */
  readonly onFound: (result: Result) => void;
  /** Called when the outcome is known after all. */
  readonly onKnown: () => void;
}

export function FailureSummary<Result>(props: FailureSummaryProps<Result>) {
  return props.failure.effect === 'unknown' ? <UnknownOutcome {...props} /> : <KnownFailure {...props} />;
}

export type KnownFailureProps = Pick<
  FailureSummaryProps<never>,
  'failure' | 'change' | 'action' | 'at' | 'fieldErrors' | 'linkTo' | 'onRetry' | 'onSignIn'
>;

/** A failure of which it is known what it has done, as of a validation, which does nothing. */
export function KnownFailure(props: KnownFailureProps) {
  const { failure, change, action, at, onRetry, onSignIn } = props;
  const wasAnythingDone = failure.effect === 'none' ? ` ${CHANGES[change].nothing}` : '';
  return (
    <Summary tone={REFUSED} title={failure.title + wasAnythingDone}>
      <p className="text-sm">{failure.whatNow}</p>
      <FailureDetails {...props} />
      {failure.needsSignIn && <Button onClick={onSignIn}>Sign in again</Button>}
      {failure.retryAfterS !== undefined && (
        <RetryCountdown until={at.getTime() + failure.retryAfterS * 1000} {...{ change, action, onRetry }} />
      )}
      <Reference failure={failure} at={at} />
    </Summary>
  );
}

const REFUSED = 'bg-kumo-danger-tint text-kumo-danger';
const UNKNOWN = 'bg-(--text-color-kumo-danger) text-kumo-inverse';
const FOUND = 'bg-kumo-success-tint text-kumo-success';

/** Follows it by itself; what that finds becomes the headline. */
function UnknownOutcome<Result>(props: FailureSummaryProps<Result>) {
  const { failure, change, at, noun, name, nameOf, find, goOn, onFound, onKnown } = props;
  const { participle, again } = CHANGES[change];
  const checking = useOutcomeCheck(find, (checked) => {
    onKnown();
    // A page that comes back had learned nothing, and goes on as if it had not been left.
    if (failure === INTERRUPTED && checked.kind === 'done') onFound(checked.result);
  });
  const { last: found } = checking;
  if (found?.kind === 'not-done') {
    return (
      <Summary key={found.kind} tone={REFUSED} title={`The ${noun} was not ${participle}.`}>
        <p className="text-sm">
          Checked at {formatTime(found.at)}. It is safe to {again}.
        </p>
        <Reference failure={failure} at={at} />
      </Summary>
    );
  }
  if (found?.kind === 'done' || found?.kind === 'listed') {
    return (
      <Summary key={found.kind} tone={FOUND} title={`The ${noun} was ${participle}.`}>
        <p className="text-sm">
          {nameOf ? `${nameOf(found.result)} was in the account` : 'Checked'} at {formatTime(found.at)}. Don't {again}.
        </p>
        <Button onClick={() => onFound(found.result)}>{goOn}</Button>
      </Summary>
    );
  }
  return (
    <Summary tone={UNKNOWN} title={`We don't know whether the ${noun} was ${participle}.`}>
      <p className="text-sm">
        {failure.title} {failure.whatNow}
      </p>
      <FailureDetails {...props} />
      <p className="text-sm">
        <WhatIsKnown last={found} change={change} noun={noun} name={name} />
      </p>
      <Button loading={checking.isChecking} onClick={checking.check}>
        Check now
      </Button>
      <Reference failure={failure} at={at} />
    </Summary>
  );
}

interface WhatIsKnownProps extends Pick<FailureSummaryProps<unknown>, 'change' | 'noun' | 'name'> {
  readonly last: OutcomeCheck<unknown> | undefined;
}

function WhatIsKnown({ last, change, noun, name }: WhatIsKnownProps) {
  switch (last?.kind) {
    case 'open':
      return (
        <>
          {last.found}
          {last.found === undefined &&
            last.lookedAt &&
            `${change === 'create' ? 'Not there' : 'Not done'} as of ${formatClock(last.lookedAt)}.`}
          {last.until && <KeepLooking until={last.until} />}
        </>
      );
    case 'failed':
      return `It could not be checked (${formatTime(last.at)}). This page keeps trying.`;
    case 'absent':
      if (change !== 'create') {
        return `The desk that responds has no record of it, and the ${noun} ${name} is not as it was to become (${formatTime(last.at)}). A late request may still arrive, so this page keeps looking.`;
      }
      return `No ${noun} ${name} was in the account at ${formatTime(last.at)}. A late request may still arrive, so this page keeps looking. Cloudflare refuses a second ${noun} of the same name.`;
    default:
      return 'Looking for it…';
  }
}

function KeepLooking({ until }: { readonly until: Date }) {
  const secondsLeft = -useSecondsSince(until.getTime());
  if (secondsLeft <= 0) return ' We keep looking.';
  return (
    <>
      {' '}
      We keep looking until {formatClock(until)}
      <span aria-live="off" className="tabular-nums">
        {' '}
        ({secondsLeft} s).
      </span>
    </>
  );
}

interface SummaryProps {
  /** The classes of its colours. */
  readonly tone: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** Takes the focus when it appears. */
function Summary({ tone, title, children }: SummaryProps) {
  return (
    <FocusedAlert className={`items-start gap-2 ${tone}`}>
      <h2 className="font-semibold">{title}</h2>
      {children}
    </FocusedAlert>
  );
}

type FailureDetailsProps = Pick<FailureSummaryProps<unknown>, 'failure' | 'fieldErrors' | 'linkTo'>;

function FailureDetails({ failure: { details }, fieldErrors, linkTo }: FailureDetailsProps) {
  if (fieldErrors.length + details.length === 0) return null;
  return (
    <ul className="list-disc pl-5 text-sm [overflow-wrap:anywhere]">
      {fieldErrors.map(({ field, message }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: errors may repeat each other, and only ever go
        <li key={`${field} ${index}`}>
          {linkTo(field)}: {message}
        </li>
      ))}
      {details.map((detail, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <li key={index}>{detail}</li>
      ))}
    </ul>
  );
}

/** What support asks for: the time, this server's request ID, and Cloudflare's ray. */
function Reference({ failure: { reference }, at }: { readonly failure: Failure; readonly at: Date }) {
  const parts = [
    formatTime(at),
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
  readonly change: ChangeAction;
  /** When another try makes sense, in milliseconds since the epoch. */
  readonly until: number;
  readonly action: Action;
  readonly onRetry: () => void;
}

function RetryCountdown({ until, change, action, onRetry }: RetryCountdownProps) {
  const secondsLeft = -useSecondsSince(until);
  if (secondsLeft > 0) {
    return (
      <p aria-live="off" className="font-medium text-sm tabular-nums">
        {secondsLeft} s to wait
      </p>
    );
  }
  return (
    <Button onClick={onRetry}>{action === 'validate' ? 'Validate again' : `Try to ${CHANGES[change].again}`}</Button>
  );
}
