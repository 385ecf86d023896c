// Sending a form that makes a pair: both are validated, or the batch that creates both is begun.

import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { useRef, useState } from 'react';
import { type Action, type Failure, type Outcome, outcomeOf } from '../../submission/outcome.ts';
import type { Running, Submission } from '../../submission/use-submission.ts';
import { createReader } from '../form/read-response.ts';

/** A pair that can be sent, and the form as it stands. */
export interface PairToSend {
  readonly accountId: string;
  readonly requests: readonly CreateIpsecTunnelRequest[];
  readonly sharesKey: boolean;
  /** Whether the keys were made in this browser. */
  readonly hasGeneratedKeys: boolean;
  /** What both names begin with. */
  readonly name: string;
  /** What the form's version is. */
  readonly version: number;
}

export interface PairEnd {
  /** Of the batch that was begun. */
  readonly batchId?: string;
  /** Nothing was created. */
  readonly failures?: readonly Failure[];
  /** What was said of two that are valid. */
  readonly messages?: readonly string[];
}

export interface PairSubmission {
  readonly running: Running | undefined;
  /** The last validation, where both are valid. */
  readonly validated: Submission<never> | undefined;
  /** What failed the last time. */
  readonly failures: readonly PairFailure[];
  /** Does nothing while something is being sent. */
  send(action: Action, pair: PairToSend): Promise<PairEnd>;
  clear(): void;
}

export interface PairFailure {
  readonly action: Action;
  readonly failure: Failure;
  readonly at: Date;
}

const NOTHING = { validated: undefined, failures: [] } as const;

export function usePairSubmission(): PairSubmission {
  const isRunning = useRef(false);
  const [running, setRunning] = useState<Running>();
  const [last, setLast] = useState<Pick<PairSubmission, 'validated' | 'failures'>>(NOTHING);

  async function send(action: Action, pair: PairToSend): Promise<PairEnd> {
    if (isRunning.current) return {};
    isRunning.current = true;
    setRunning({ action, since: Date.now() });
    setLast(NOTHING);
    const end = await sendPair(action, pair).catch(unreached);
    const at = new Date();
    isRunning.current = false;
    setRunning(undefined);
    const { failures = [], messages } = end;
    const outcome = messages && ({ kind: 'validated', messages, cfRay: undefined } as const);
    setLast({
      failures: failures.map((failure) => ({ action, failure, at })),
      validated: outcome && { action, outcome, at, key: '', version: pair.version },
    });
    return end;
  }

  return { running, ...last, send, clear: () => setLast(NOTHING) };
}

async function sendPair(action: Action, pair: PairToSend): Promise<PairEnd> {
  const { startPair, validatePair } = await import('./submit-pair.ts');
  return action === 'validate' ? validatePair(pair) : startPair(pair);
}

/** Where not even the code came. */
function unreached(): PairEnd {
  const outcome: Outcome<unknown> = outcomeOf('validate', { kind: 'no-response' }, createReader);
  return outcome.kind === 'failed' ? { failures: [outcome] } : {};
}
