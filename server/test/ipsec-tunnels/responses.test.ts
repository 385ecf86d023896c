import { failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it } from 'vitest';

import type { ApiResponse } from '../../src/http/response.ts';
import {
  type Reconciliation,
  responseTo,
  responseToInterrupted,
  responseToReconciled,
} from '../../src/ipsec-tunnels/responses.ts';
import { TUNNEL } from '../support/samples.ts';

const CREATED: Reconciliation = { kind: 'done', result: TUNNEL };
const NOT_CREATED: Reconciliation = { kind: 'not-done' };
const UNKNOWN: Reconciliation = { kind: 'unknown' };

const failed500: ApiResponse = {
  status: 500,
  envelope: failureEnvelope([{ code: 10001, message: 'Internal error' }]),
  cfRay: '8f1c2d3e4f5a6b7c-FRA',
};
const html502 = responseTo({
  kind: 'unintelligible',
  status: 502,
  content: 'HTML',
  cfRay: undefined,
  retryAfter: undefined,
});

const TIMED_OUT = responseTo({ kind: 'timed-out' });

const messagesIn = ({ envelope: { errors, messages } }: ApiResponse) => [...errors, ...messages];

describe('a create whose response left it open', () => {
  it.each([
    ['an error of Cloudflare’s own', failed500, 'Cloudflare responded with status 500: Internal error (10001)'],
    ['HTML of a gateway', html502, "Status 502 with HTML, not from Cloudflare's API"],
    [
      'a stop of this server',
      responseToInterrupted('create'),
      'This server was stopped while the tunnel was being created',
    ],
  ])('after %s says what came, and what looking for the tunnel found', (_what, open, whatCame) => {
    const [first, ...causes] = messagesIn(responseToReconciled('create', NOT_CREATED, open));
    expect(first?.code).toBe(ERRORS.notDone.code);
    expect(first?.message.toLowerCase()).toBe(
      `${whatCame}; the tunnel was looked for and does not exist, so it is safe to try again`.toLowerCase(),
    );
    expect(causes).toMatchObject(open.envelope.errors);
    expect(messagesIn(responseToReconciled('create', CREATED, open))).toEqual([
      { code: RECONCILED_CODE, message: `${whatCame}; the tunnel was found by looking for it.` },
    ]);
  });

  it('is 502, and keeps its Cf-Ray, while the outcome is unknown', () => {
    const { status, cfRay, envelope } = responseToReconciled('create', UNKNOWN, failed500);
    expect({ status, cfRay }).toEqual({ status: 502, cfRay: failed500.cfRay });
    expect(envelope.errors).toMatchObject([{ code: ERRORS.outcomeUnknown.code }, ...failed500.envelope.errors]);
  });

  it.each([
    [{}, 'it could not be looked for so far, and this desk keeps looking'],
    [
      { lookedAt: '2026-01-02T05:30:12Z', until: '2026-01-02T05:32:05Z' },
      'the tunnel was not there as of 2026-01-02T05:30:12Z, and this desk keeps looking until 2026-01-02T05:32:05Z',
    ],
    [{ found: 'There is a tunnel branch-1.' }, 'There is a tunnel branch-1.'],
  ])('says what is known so far, and until when it is looked for: %j', (known, words) => {
    const { status, envelope } = responseToReconciled('create', { kind: 'unknown', ...known }, TIMED_OUT);
    expect(status).toBe(504);
    expect(envelope.errors[0]?.message).toContain(words);
  });

  it('says the same of it when it is looked for again, however often', () => {
    const unknown = responseToReconciled('create', UNKNOWN, failed500);
    expect(responseToReconciled('create', UNKNOWN, unknown)).toEqual(unknown);
    expect(responseToReconciled('create', NOT_CREATED, unknown)).toEqual(
      responseToReconciled('create', NOT_CREATED, failed500),
    );
  });

  it('has a cause even where Cloudflare named none', () => {
    const open: ApiResponse = { status: 503, envelope: failureEnvelope([]) };
    const cause = { code: ERRORS.upstreamUnintelligible.code, message: 'status 503 without an error' };
    expect(messagesIn(responseToReconciled('create', NOT_CREATED, open)).slice(1)).toEqual([cause]);
  });
});
