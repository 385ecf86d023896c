import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorName, mayHaveCreated } from '../../src/api/errors.ts';

interface Failure {
  readonly code: number;
  readonly status: number;
  readonly created: boolean;
}

/** What clients and log searches rely on: a number once given out keeps its meaning. */
const GIVEN_OUT: Record<ErrorName, Failure> = {
  internal: { code: 90000, status: 500, created: true },
  invalidBody: { code: 90001, status: 400, created: false },
  malformedJson: { code: 90002, status: 400, created: false },
  invalidQuery: { code: 90003, status: 400, created: false },
  invalidHeader: { code: 90004, status: 400, created: false },
  invalidAccountId: { code: 90005, status: 400, created: false },
  badRequest: { code: 90006, status: 400, created: false },
  accountNotAllowed: { code: 90010, status: 403, created: false },
  notFound: { code: 90011, status: 404, created: false },
  bodyTooLarge: { code: 90012, status: 413, created: false },
  notJson: { code: 90013, status: 415, created: false },
  foreignHost: { code: 90014, status: 421, created: false },
  foreignOrigin: { code: 90015, status: 403, created: false },
  upstreamUnreachable: { code: 90020, status: 502, created: false },
  upstreamConnectionLost: { code: 90021, status: 502, created: true },
  upstreamUnintelligible: { code: 90022, status: 502, created: true },
  upstreamTimedOut: { code: 90023, status: 504, created: true },
  upstreamRateLimited: { code: 90024, status: 429, created: false },
  notCreated: { code: 90025, status: 502, created: false },
  outcomeUnknown: { code: 90026, status: 502, created: true },
  interrupted: { code: 90027, status: 502, created: true },
  idempotencyKeyReused: { code: 90028, status: 422, created: false },
  earlierCreate: { code: 90029, status: 400, created: false },
  notSignedIn: { code: 90030, status: 401, created: false },
  notPermitted: { code: 90031, status: 403, created: false },
  identityUnavailable: { code: 90032, status: 503, created: false },
  rateLimited: { code: 90033, status: 429, created: false },
  tooManyExports: { code: 90034, status: 429, created: false },
  auditUnavailable: { code: 90040, status: 503, created: false },
  stopping: { code: 90060, status: 503, created: false },
  notReady: { code: 90061, status: 503, created: false },
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

describe('mayHaveCreated', () => {
  it.each(Object.entries(GIVEN_OUT))('knows what %s means for the tunnel', (_, { code, status, created }) => {
    expect(mayHaveCreated({ code, status })).toBe(created);
  });

  it.each([
    { status: 400, code: 1012, created: false, why: 'Cloudflare refused it' },
    { status: 401, code: 10000, created: false, why: 'Cloudflare refused the token' },
    { status: 403, code: 9109, created: false, why: 'Cloudflare refused the token' },
    { status: 409, code: undefined, created: false, why: 'an error without a code' },
    { status: 429, code: 10013, created: false, why: 'Cloudflare asked to slow down' },
    { status: 499, code: undefined, created: false, why: 'the last status that is the caller’s issue' },
    { status: 500, code: 1000, created: true, why: 'the request had reached Cloudflare' },
    { status: 503, code: undefined, created: true, why: 'the request had reached somebody' },
    { status: 502, code: 89999, created: true, why: 'a code below this server’s range' },
    { status: 502, code: 91000, created: true, why: 'a code above this server’s range' },
    { status: 502, code: 90999, created: false, why: 'this server’s own code speaks, not the status' },
    { status: 400, code: 90000, created: true, why: 'this server’s own code speaks, not the status' },
    { status: 200, code: 90022, created: true, why: 'this server’s own code speaks, not the status' },
  ])('gives $created for status $status with code $code: $why', ({ status, code, created }) => {
    expect(mayHaveCreated({ status, code })).toBe(created);
  });
});
