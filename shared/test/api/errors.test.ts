import { describe, expect, it } from 'vitest';
import { type Effect, ERRORS, type ErrorName, effectOf } from '../../src/api/errors.ts';

interface Failure {
  readonly code: number;
  readonly status: number;
  readonly effect: Effect;
}

/** What clients and log searches rely on: a number once given out keeps its meaning. */
const GIVEN_OUT: Record<ErrorName, Failure> = {
  internal: { code: 90000, status: 500, effect: 'unknown' },
  invalidBody: { code: 90001, status: 400, effect: 'none' },
  malformedJson: { code: 90002, status: 400, effect: 'none' },
  invalidQuery: { code: 90003, status: 400, effect: 'none' },
  invalidHeader: { code: 90004, status: 400, effect: 'none' },
  invalidAccountId: { code: 90005, status: 400, effect: 'none' },
  badRequest: { code: 90006, status: 400, effect: 'none' },
  invalidTunnelId: { code: 90007, status: 400, effect: 'none' },
  invalidBatchId: { code: 90008, status: 400, effect: 'none' },
  accountNotAllowed: { code: 90010, status: 403, effect: 'none' },
  notFound: { code: 90011, status: 404, effect: 'none' },
  bodyTooLarge: { code: 90012, status: 413, effect: 'none' },
  notJson: { code: 90013, status: 415, effect: 'none' },
  foreignHost: { code: 90014, status: 421, effect: 'none' },
  foreignOrigin: { code: 90015, status: 403, effect: 'none' },
  methodNotAllowed: { code: 90016, status: 405, effect: 'none' },
  upstreamUnreachable: { code: 90020, status: 502, effect: 'none' },
  upstreamConnectionLost: { code: 90021, status: 502, effect: 'unknown' },
  upstreamUnintelligible: { code: 90022, status: 502, effect: 'unknown' },
  upstreamTimedOut: { code: 90023, status: 504, effect: 'unknown' },
  upstreamRateLimited: { code: 90024, status: 429, effect: 'none' },
  notDone: { code: 90025, status: 502, effect: 'none' },
  outcomeUnknown: { code: 90026, status: 502, effect: 'unknown' },
  interrupted: { code: 90027, status: 502, effect: 'unknown' },
  idempotencyKeyReused: { code: 90028, status: 422, effect: 'none' },
  earlierCreate: { code: 90029, status: 400, effect: 'none' },
  notSignedIn: { code: 90030, status: 401, effect: 'none' },
  notPermitted: { code: 90031, status: 403, effect: 'none' },
  identityUnavailable: { code: 90032, status: 503, effect: 'none' },
  rateLimited: { code: 90033, status: 429, effect: 'none' },
  tooManyExports: { code: 90034, status: 429, effect: 'none' },
  changedSince: { code: 90035, status: 412, effect: 'none' },
  keyNotShown: { code: 90036, status: 502, effect: 'done' },
  notRead: { code: 90037, status: 502, effect: 'none' },
  batchExists: { code: 90038, status: 409, effect: 'none' },
  rowTried: { code: 90039, status: 409, effect: 'none' },
  auditUnavailable: { code: 90040, status: 503, effect: 'none' },
  driftChanged: { code: 90041, status: 412, effect: 'none' },
  stopping: { code: 90060, status: 503, effect: 'none' },
  notReady: { code: 90061, status: 503, effect: 'none' },
};

describe('ERRORS', () => {
  it('keeps every code and status that was given out', () => {
    const failures = Object.entries(GIVEN_OUT).map(([name, { code, status }]) => [name, { code, status }]);
    expect(ERRORS).toMatchObject(Object.fromEntries(failures));
  });

  it('gives every failure a code of its own', () => {
    const codes = Object.values(ERRORS).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('effectOf', () => {
  it.each(Object.entries(GIVEN_OUT))('knows what %s means for the tunnel', (_, { code, status, effect }) => {
    expect(effectOf({ code, status })).toBe(effect);
  });

  it.each([
    { status: 400, code: 1012, effect: 'none', why: 'Cloudflare refused it' },
    { status: 401, code: 10000, effect: 'none', why: 'Cloudflare refused the token' },
    { status: 403, code: 9109, effect: 'none', why: 'Cloudflare refused the token' },
    { status: 409, code: undefined, effect: 'none', why: 'an error without a code' },
    { status: 429, code: 10013, effect: 'none', why: 'Cloudflare asked to slow down' },
    { status: 499, code: undefined, effect: 'none', why: 'the last status that is the caller’s issue' },
    { status: 500, code: 1000, effect: 'unknown', why: 'the request had reached Cloudflare' },
    { status: 503, code: undefined, effect: 'unknown', why: 'the request had reached somebody' },
    { status: 502, code: 89999, effect: 'unknown', why: 'a code below this server’s range' },
    { status: 502, code: 91000, effect: 'unknown', why: 'a code above this server’s range' },
    { status: 502, code: 90999, effect: 'none', why: 'this server’s own code speaks, not the status' },
    { status: 400, code: 90000, effect: 'unknown', why: 'this server’s own code speaks, not the status' },
    { status: 200, code: 90022, effect: 'unknown', why: 'this server’s own code speaks, not the status' },
  ])('gives $effect for status $status with code $code: $why', ({ status, code, effect }) => {
    expect(effectOf({ status, code })).toBe(effect);
  });
});
