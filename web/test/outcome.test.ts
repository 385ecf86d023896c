import type { EnvelopeMessage } from '@tunnel-desk/shared/api/envelope';
import { describe, expect, it } from 'vitest';
import { type Action, type Outcome, outcomeOf } from '../src/ipsec-tunnels/create/outcome.ts';
import type { ApiAnswer } from '../src/lib/api-client.ts';

const REFERENCE = { requestId: 'request-1', cfRay: 'ray-1' };
const TUNNEL = { id: 'abc', name: 'ams', cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' };

function refusal(status: number, errors: EnvelopeMessage[], retryAfterS?: number): ApiAnswer {
  return {
    kind: 'answered',
    status,
    envelope: { success: false, errors, messages: [], result: null },
    reference: REFERENCE,
    retryAfterS,
  };
}

function success(result: unknown): ApiAnswer {
  const envelope = { success: true, errors: [], messages: [{ code: 1000, message: 'fine' }], result };
  return { kind: 'answered', status: 200, envelope, reference: REFERENCE, retryAfterS: undefined };
}

function failureOf(action: Action, answer: ApiAnswer): Extract<Outcome, { kind: 'failed' }> {
  const outcome = outcomeOf(action, answer);
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
  ])('of a create bears %s', (_form, result) => {
    expect(outcomeOf('create', success(result))).toMatchObject({ kind: 'created', tunnel: TUNNEL });
  });

  it('of a create without a tunnel leaves its outcome unknown', () => {
    expect(failureOf('create', success(null)).mayExist).toBe(true);
  });
});

describe('whether anything was created', () => {
  it.each<[string, ApiAnswer, boolean]>([
    ['a refused field', refusal(400, [{ code: 90001, message: 'x' }]), false],
    ['an account that is not allowed', refusal(403, [{ code: 90010, message: 'x' }]), false],
    ['a sign-in that has ended', refusal(401, [{ code: 90030, message: 'x' }]), false],
    ['a proxy that wants a sign-in', { kind: 'unintelligible', status: 401, reference: REFERENCE }, false],
    ['a role that does not allow it', refusal(403, [{ code: 90031, message: 'x' }]), false],
    ['a person nobody can check', refusal(503, [{ code: 90032, message: 'x' }]), false],
    ['a token that is refused', refusal(403, [{ code: 10000, message: 'x' }]), false],
    ["this desk's own rate limit", refusal(429, [{ code: 90033, message: 'x' }], 7), false],
    ["Cloudflare's rate limit", refusal(429, [{ code: 10429, message: 'x' }], 7), false],
    ['Cloudflare out of reach', refusal(502, [{ code: 90020, message: 'x' }]), false],
    ['a create that was looked for in vain', refusal(502, [{ code: 90025, message: 'x' }]), false],
    ['a desk that cannot record anything', refusal(503, [{ code: 90040, message: 'x' }]), false],
    ['an earlier create that is still open', refusal(422, [{ code: 90028, message: 'x' }]), true],
    ['a create that could not be looked for', refusal(504, [{ code: 90026, message: 'x' }]), true],
    ['a connection that broke off', refusal(502, [{ code: 90021, message: 'x' }]), true],
    ['an answer nobody understands', refusal(502, [{ code: 90022, message: 'x' }]), true],
    ['no answer in time', refusal(504, [{ code: 90023, message: 'x' }]), true],
    ["a failure of Cloudflare's", refusal(503, [{ code: 1000, message: 'x' }]), true],
    ['a failure of this server', refusal(500, [{ code: 90000, message: 'x' }]), true],
    ['no answer from this server', { kind: 'no-answer' }, true],
    ['something in between', { kind: 'unintelligible', status: 200, reference: REFERENCE }, true],
  ])('%s', (_case, answer, mayExist) => {
    expect(failureOf('create', answer).mayExist).toBe(mayExist);
    expect(failureOf('validate', answer).mayExist, 'a validation never creates').toBe(false);
  });
});

describe('where an error is shown', () => {
  it.each<[EnvelopeMessage, string]>([
    [{ code: 1001, message: 'x', source: { pointer: '/bgp/extra_prefixes/1' } }, 'bgp.extra_prefixes'],
    [{ code: 1001, message: 'interface_address6 is taken' }, 'interface_address6'],
    [{ code: 1001, message: 'the name must differ from interface_address' }, 'interface_address'],
    [{ code: 1001, message: 'bgp.md5_key: bad' }, 'bgp.md5_key'],
    [{ code: 1001, message: 'name already exists' }, 'name'],
    [{ code: 1001, message: 'psk too short' }, 'psk'],
  ])('%j stands on %s', (error, field) => {
    const failure = failureOf('create', refusal(400, [error]));
    expect(failure.refusals).toEqual([{ field, message: error.message }]);
    expect(failure.notes).toEqual([]);
  });

  it('stands above the form, with its code, when no field is named', () => {
    expect(failureOf('create', refusal(400, [{ code: 1099, message: 'too many tunnels' }])).notes).toEqual([
      'too many tunnels (1099)',
    ]);
  });
});

describe('a rate limit', () => {
  it('says how long Cloudflare asked to wait', () => {
    const failure = failureOf('create', refusal(429, [], 7));
    expect(failure).toMatchObject({ title: 'Cloudflare asked us to wait 7 s.', retryAfterS: 7 });
  });

  it('says when it is this desk that asked, not Cloudflare', () => {
    const failure = failureOf('create', refusal(429, [{ code: 90033, message: 'x' }], 7));
    expect(failure).toMatchObject({ title: 'This desk itself asked you to wait 7 s.', retryAfterS: 7 });
    expect(failure.whatNow).toContain('passed nothing on');
  });

  it('waits a minute when Cloudflare names no time', () => {
    expect(failureOf('create', refusal(429, [])).retryAfterS).toBe(60);
  });
});

it('keeps what identifies the call for support', () => {
  expect(failureOf('create', refusal(502, [{ code: 90021, message: 'x' }])).reference).toEqual(REFERENCE);
});

it.each<[string, ApiAnswer]>([
  ['the desk', refusal(401, [{ code: 90030, message: 'x' }])],
  ['a proxy in front', { kind: 'unintelligible', status: 401, reference: REFERENCE }],
])('asks for a sign-in when %s wants one, and says that the entries are kept', (_who, answer) => {
  expect(failureOf('create', answer)).toMatchObject({
    title: 'Your sign-in has ended.',
    whatNow: expect.stringContaining('Sign in again: your entries are kept.'),
    needsSignIn: true,
  });
});

it("asks for no sign-in when it is this server's token that Cloudflare refuses", () => {
  expect(failureOf('create', refusal(401, [{ code: 10000, message: 'x' }])).needsSignIn).toBe(false);
});

describe('a create that could not be looked for', () => {
  const unknownAfter = (code: number, message = 'x') =>
    failureOf(
      'create',
      refusal(502, [
        { code: 90026, message: 'not known' },
        { code, message },
      ]),
    );

  it.each([
    [90021, 'The connection to Cloudflare broke off.'],
    [90022, "Something responded, but not as Cloudflare's API does."],
    [90023, 'Cloudflare did not respond in time.'],
    [90027, 'This desk was stopped while the tunnel was being created.'],
  ])('says what it came from: %i', (code, title) => {
    expect(unknownAfter(code)).toMatchObject({ title, mayExist: true, notes: [] });
  });

  it('keeps what Cloudflare said', () => {
    expect(unknownAfter(10001, 'Internal error')).toMatchObject({
      title: 'Cloudflare failed (status 502).',
      mayExist: true,
      notes: ['Internal error (10001)'],
    });
  });
});
