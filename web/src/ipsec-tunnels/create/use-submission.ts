// Sending the form: one click makes one request, and its outcome stays until the next.

import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { useRef, useState } from 'react';
import { createIpsecTunnel, validateIpsecTunnel } from '../api/create-ipsec-tunnel.ts';
import { type Action, INTERRUPTED, type Outcome, outcomeOf } from './outcome.ts';
import { forgetPendingCreate, pendingCreate, rememberPendingCreate } from './pending-create.ts';

export interface Submission {
  readonly action: Action;
  readonly outcome: Outcome;
  readonly at: Date;
  /** The idempotency key of the form's create, this one or the next. */
  readonly key: string;
  /** What the form's version was when it was sent. */
  readonly version: number;
}

export interface SubmissionState {
  /** What is on its way. */
  readonly running: Action | undefined;
  readonly last: Submission | undefined;
  /** Sends unless something is on its way already; `undefined` then. */
  send(
    action: Action,
    accountId: string,
    request: CreateIpsecTunnelRequest,
    version: number,
  ): Promise<Submission | undefined>;
  clear(): void;
  /** Takes note that the outcome of the last create is known after all: the next one is another. */
  settle(): void;
}

/** Kept out of the query cache on purpose: a mutation's variables, and with them the pre-shared key, would stay there. */
export function useSubmission(): SubmissionState {
  const isRunning = useRef(false);
  const [running, setRunning] = useState<Action>();
  const [last, setLast] = useState(interruptedSubmission);
  // Stays the same until an outcome is known: a create whose answer was lost is never sent a second time.
  const key = useRef(last?.key ?? crypto.randomUUID());

  function settle() {
    forgetPendingCreate();
    key.current = crypto.randomUUID();
  }

  async function send(action: Action, accountId: string, request: CreateIpsecTunnelRequest, version: number) {
    // State changes only with the next render; a second click of a double click comes before it.
    if (isRunning.current) return undefined;
    isRunning.current = true;
    setRunning(action);
    setLast(undefined);
    if (action === 'create') rememberPendingCreate(key.current);
    const answer = await (action === 'create'
      ? createIpsecTunnel(accountId, request, key.current)
      : validateIpsecTunnel(accountId, request));
    const submission = { action, outcome: outcomeOf(action, answer), at: new Date(), key: key.current, version };
    // A page that is being left sees its request fail: an outcome that is not known stays to be found out.
    if (action === 'create' && !isUnknown(submission.outcome)) settle();
    isRunning.current = false;
    setRunning(undefined);
    setLast(submission);
    return submission;
  }

  return { running, last, send, clear: () => setLast(undefined), settle };
}

function isUnknown(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.mayExist;
}

/** The create that was on its way when this page was left, as a submission whose outcome is unknown. */
function interruptedSubmission(): Submission | undefined {
  const pending = pendingCreate();
  return pending && { action: 'create', outcome: INTERRUPTED, ...pending, version: 0 };
}
