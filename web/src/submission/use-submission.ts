// Sending a form: one click makes one request, and its outcome stays until the next.

import { useRef, useState } from 'react';
import type { ApiResponse } from '../lib/api-client.ts';
import { type Action, INTERRUPTED, type Outcome, outcomeOf, type ResponseReader } from './outcome.ts';
import { forgetPending, pendingSubmission, rememberPending } from './pending-submission.ts';

/** How one change is sent and its responses are read. */
export interface SubmissionTarget<Request, Result> extends ResponseReader<Result> {
  send(request: Request, idempotencyKey: string): Promise<ApiResponse>;
  /** Absent where it can only be done. */
  validate?(request: Request): Promise<ApiResponse>;
}

export interface Submission<Result> {
  readonly action: Action;
  readonly outcome: Outcome<Result>;
  readonly at: Date;
  /** The idempotency key of the form's submission, this one or the next. */
  readonly key: string;
  /** What the form's version was when it was sent. */
  readonly version: number;
}

/** What is being sent, and since when. */
export interface Running {
  readonly action: Action;
  readonly since: number;
}

export interface SubmissionState<Request, Result> {
  readonly running: Running | undefined;
  readonly last: Submission<Result> | undefined;
  /** Sends unless something is being sent already; `undefined` then. */
  send(
    action: Action,
    target: SubmissionTarget<Request, Result>,
    request: Request,
    version: number,
  ): Promise<Submission<Result> | undefined>;
  clear(): void;
  /** Records that the outcome of the last submission is known after all: the next one is another. */
  settle(): void;
}

/**
 * Sends a form that goes by this name, such as `create`: one that is left before its outcome is known is remembered by it.
 * Kept out of the query cache on purpose: a mutation's variables, and with them the pre-shared key, would stay there.
 */
export function useSubmission<Request, Result>(form: string): SubmissionState<Request, Result> {
  const isRunning = useRef(false);
  const [running, setRunning] = useState<Running>();
  const [last, setLast] = useState<Submission<Result> | undefined>(() => interruptedSubmission(form));
  // Stays the same until an outcome is known: a change whose response was lost is never sent a second time.
  const key = useRef(last?.key ?? crypto.randomUUID());

  function settle() {
    forgetPending(form);
    key.current = crypto.randomUUID();
  }

  async function send(
    action: Action,
    target: SubmissionTarget<Request, Result>,
    request: Request,
    version: number,
  ): Promise<Submission<Result> | undefined> {
    // State changes only with the next render; a second click of a double click comes before it.
    if (isRunning.current) return undefined;
    isRunning.current = true;
    setRunning({ action, since: Date.now() });
    setLast(undefined);
    if (action === 'send') rememberPending(form, key.current);
    const response = await call(action, target, request, key.current);
    const outcome = outcomeOf(action, response, target);
    const submission = { action, outcome, at: new Date(), key: key.current, version };
    // A page that is being left sees its request fail: an outcome that is not known stays to be found out.
    if (action === 'send' && !isUnknown(outcome)) settle();
    isRunning.current = false;
    setRunning(undefined);
    setLast(submission);
    return submission;
  }

  return { running, last, send, clear: () => setLast(undefined), settle };
}

function call<Request, Result>(
  action: Action,
  target: SubmissionTarget<Request, Result>,
  request: Request,
  idempotencyKey: string,
): Promise<ApiResponse> {
  if (action === 'send') return target.send(request, idempotencyKey);
  if (target.validate === undefined) throw new Error(`there is no validation of ${target.change}`);
  return target.validate(request);
}

function isUnknown(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'failed' && outcome.effect === 'unknown';
}

/** What was under way when this page was left, as a submission whose outcome is unknown. */
function interruptedSubmission(form: string): Submission<never> | undefined {
  const pending = pendingSubmission(form);
  return pending && { action: 'send', outcome: INTERRUPTED, ...pending, version: 0 };
}
