import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import type { Effect } from '@tunnel-desk/shared/api/errors';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it } from 'vitest';
import { createReader } from '../src/ipsec-tunnels/form/read-response.ts';
import type { ApiResponse } from '../src/lib/api-client.ts';
import { type Action, type Outcome, outcomeOf as readOutcome } from '../src/submission/outcome.ts';

const REFERENCE = { requestId: 'request-1', cfRay: 'ray-1' };
const TUNNEL = { id: 'abc', name: 'ams', cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' };

function outcomeOf(action: Action, response: ApiResponse): Outcome<IpsecTunnel> {
  return readOutcome(action, response, createReader);
}

function errorResponse(status: number, errors: EnvelopeMessage[], retryAfterS?: number): ApiResponse {
  return {
    kind: 'response',
    status,
    envelope: { success: false, errors, messages: [], result: null },
    reference: REFERENCE,
    retryAfterS,
  };
}

function success(result: unknown): ApiResponse {
  const envelope = { success: true, errors: [], messages: [{ code: 1000, message: 'fine' }], result };
  return { kind: 'response', status: 200, envelope, reference: REFERENCE, retryAfterS: undefined };
}

function failureOf(action: Action, response: ApiResponse): Extract<Outcome<IpsecTunnel>, { kind: 'failed' }> {
  const outcome = outcomeOf(action, response);
  if (outcome.kind !== 'failed') throw new Error(`not a failure: ${outcome.kind}`);
  return outcome;
}

describe('a success', () => {
  it('of a validation says what Cloudflare said', () => {
    expect(outcomeOf('validate', success(null))).toEqual({ kind: 'validated', messages: ['fine'], cfRay: 'ray-1' });
  });

  it.each([
    ['the tunnel itself', TUNNEL],
    ['the older list of one', { ipsec_tunnels: [TUNNEL] }],
  ])('of a create has %s', (_form, result) => {
    expect(outcomeOf('send', success(result))).toMatchObject({ kind: 'done', result: TUNNEL });
  });

  it('of a create without a tunnel leaves its outcome unknown', () => {
    expect(failureOf('send', success(null)).effect).toBe('unknown');
  });
});

describe('whether anything was created', () => {
  it.each<[string, ApiResponse, Effect]>([
    ['a refused field', errorResponse(400, [{ code: 90001, message: 'x' }]), 'none'],
    ['an account that is not allowed', errorResponse(403, [{ code: 90010, message: 'x' }]), 'none'],
    ['a sign-in that has ended', errorResponse(401, [{ code: 90030, message: 'x' }]), 'none'],
    ['a proxy that wants a sign-in', { kind: 'unintelligible', status: 401, reference: REFERENCE }, 'none'],
    ['a role that does not allow it', errorResponse(403, [{ code: 90031, message: 'x' }]), 'none'],
    ['a person nobody can check', errorResponse(503, [{ code: 90032, message: 'x' }]), 'none'],
    ['a token that is refused', errorResponse(403, [{ code: 10000, message: 'x' }]), 'none'],
    ["this desk's own rate limit", errorResponse(429, [{ code: 90033, message: 'x' }], 7), 'none'],
    ["Cloudflare's rate limit", errorResponse(429, [{ code: 10429, message: 'x' }], 7), 'none'],
    ['Cloudflare out of reach', errorResponse(502, [{ code: 90020, message: 'x' }]), 'none'],
    ['a create that was looked for in vain', errorResponse(502, [{ code: 90025, message: 'x' }]), 'none'],
    ['a desk that cannot record anything', errorResponse(503, [{ code: 90040, message: 'x' }]), 'none'],
    ['an earlier create that is still open', errorResponse(422, [{ code: 90028, message: 'x' }]), 'unknown'],
    ['a create that could not be looked for', errorResponse(504, [{ code: 90026, message: 'x' }]), 'unknown'],
    ['a connection that broke off', errorResponse(502, [{ code: 90021, message: 'x' }]), 'unknown'],
    ['an answer nobody understands', errorResponse(502, [{ code: 90022, message: 'x' }]), 'unknown'],
    ['no answer in time', errorResponse(504, [{ code: 90023, message: 'x' }]), 'unknown'],
    ["a failure of Cloudflare's", errorResponse(503, [{ code: 1000, message: 'x' }]), 'unknown'],
    ['a failure of this server', errorResponse(500, [{ code: 90000, message: 'x' }]), 'unknown'],
    ['a key whose response was lost', errorResponse(502, [{ code: 90036, message: 'x' }]), 'done'],
    ['a tunnel that was changed meanwhile', errorResponse(412, [{ code: 90035, message: 'x' }]), 'none'],
    ['no answer from this server', { kind: 'no-response' }, 'unknown'],
    ['something in between', { kind: 'unintelligible', status: 200, reference: REFERENCE }, 'unknown'],
  ])('%s', (_case, response, effect) => {
    expect(failureOf('send', response).effect).toBe(effect);
    expect(failureOf('validate', response).effect, 'a validation never creates').toBe('none');
  });
});

describe('where an error is shown', () => {
  it.each<[EnvelopeMessage, string]>([
    [{ code: 1001, message: 'x', source: { pointer: '/bgp/extra_prefixes/1' } }, 'bgp/extra_prefixes'],
    [{ code: 1001, message: 'interface_address6 is taken' }, 'interface_address6'],
    [{ code: 1001, message: 'the name must differ from interface_address' }, 'interface_address'],
    [{ code: 1001, message: 'bgp.md5_key: bad' }, 'bgp/md5_key'],
    [{ code: 1001, message: 'name already exists' }, 'name'],
    [{ code: 1001, message: 'psk too short' }, 'psk'],
  ])('%j stands on %s', (error, field) => {
    const failure = failureOf('send', errorResponse(400, [error]));
    expect(failure.fieldErrors).toEqual([{ field, message: error.message }]);
    expect(failure.details).toEqual([]);
  });

  it('stands above the form, with its code, when no field is named', () => {
    expect(failureOf('send', errorResponse(400, [{ code: 1099, message: 'too many tunnels' }])).details).toEqual([
      'too many tunnels (1099)',
    ]);
  });
});

describe('a rate limit', () => {
  it('says how long Cloudflare asked to wait', () => {
    const failure = failureOf('send', errorResponse(429, [], 7));
    expect(failure).toMatchObject({ title: 'Cloudflare asked us to wait 7 s.', retryAfterS: 7 });
  });

  it('says when it is this desk that asked, not Cloudflare', () => {
    const failure = failureOf('send', errorResponse(429, [{ code: 90033, message: 'x' }], 7));
    expect(failure).toMatchObject({ title: 'This desk itself asked you to wait 7 s.', retryAfterS: 7 });
    expect(failure.whatNow).toContain('passed nothing on');
  });

  it('waits a minute when Cloudflare names no time', () => {
    expect(failureOf('send', errorResponse(429, [])).retryAfterS).toBe(60);
  });
});

it('keeps what identifies the call for support', () => {
  expect(failureOf('send', errorResponse(502, [{ code: 90021, message: 'x' }])).reference).toEqual(REFERENCE);
});

it.each<[string, ApiResponse]>([
  ['the desk', errorResponse(401, [{ code: 90030, message: 'x' }])],
  ['a proxy in front', { kind: 'unintelligible', status: 401, reference: REFERENCE }],
])('asks for a sign-in when %s wants one, and says that the entries are kept', (_who, response) => {
  expect(failureOf('send', response)).toMatchObject({
    title: 'Your sign-in has ended.',
    whatNow: expect.stringContaining('Sign in again: your entries are kept.'),
    needsSignIn: true,
  });
});

it("asks for no sign-in when it is this server's token that Cloudflare refuses", () => {
  expect(failureOf('send', errorResponse(401, [{ code: 10000, message: 'x' }])).needsSignIn).toBe(false);
});

it.each([
  ['a token that is refused', 403, 10000, true],
  ['a token that is invalid', 401, 9109, true],
  ['an account that is not onboarded', 400, 1012, true],
  ['a role that does not allow it', 403, 90031, true],
  ['Cloudflare out of reach', 502, 90020, true],
  ['a name that is taken', 400, 1004, false],
])('knows whether nothing else would get through either: %s', (_why, status, code, isAboutAll) => {
  expect(failureOf('send', errorResponse(status, [{ code, message: 'x' }])).isAboutAll).toBe(isAboutAll);
});

describe('a create that could not be looked for', () => {
  const unknownAfter = (code: number, message = 'x') =>
    failureOf(
      'send',
      errorResponse(502, [
        { code: 90026, message: 'not known' },
        { code, message },
      ]),
    );

  it.each([
    [90021, 'The connection to Cloudflare broke off.'],
    [90023, 'Cloudflare did not respond in time.'],
    [90027, 'This desk was stopped while the tunnel was being created.'],
  ])('says what it came from: %i', (code, title) => {
    expect(unknownAfter(code)).toMatchObject({ title, effect: 'unknown', details: [] });
  });

  it('keeps what came instead of a response of Cloudflare', () => {
    expect(unknownAfter(90022, 'status 502 with HTML')).toMatchObject({
      title: "Something responded, but not as Cloudflare's API does.",
      effect: 'unknown',
      details: ['status 502 with HTML (90022)'],
    });
  });

  it('keeps what Cloudflare said', () => {
    expect(unknownAfter(10001, 'Internal error')).toMatchObject({
      title: 'Cloudflare failed (status 502).',
      effect: 'unknown',
      details: ['Internal error (10001)'],
    });
  });
});

describe('a create that was looked for and is not there', () => {
  const notCreatedAfter = (code: number, message = 'x') =>
    failureOf(
      'send',
      errorResponse(502, [
        { code: 90025, message: 'not there' },
        { code, message },
      ]),
    );

  it('says what it came from, and then what looking for the tunnel found', () => {
    expect(notCreatedAfter(90021)).toMatchObject({
      title: 'The connection to Cloudflare broke off. The desk looked for the tunnel, and it does not exist.',
      whatNow: 'It is safe to create it again.',
      effect: 'none',
    });
  });

  it("names Cloudflare's own error, with its code", () => {
    expect(notCreatedAfter(10001, 'Internal error').details).toEqual(['Internal error (10001)']);
  });
});
