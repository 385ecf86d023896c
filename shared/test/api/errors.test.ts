import { describe, expect, it } from 'vitest';
import { type Created, createdDespite, ERRORS, type ErrorName } from '../../src/api/errors.ts';

const ENTRIES = Object.entries(ERRORS);

describe('ERRORS', () => {
  it('gives every failure a code of its own', () => {
    const codes = ENTRIES.map(([, { code }]) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each(ENTRIES)('keeps %s in this server’s range, with a status that says failure', (_, { code, status }) => {
    expect(code).toBeGreaterThanOrEqual(90000);
    expect(code).toBeLessThanOrEqual(90999);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThanOrEqual(599);
  });
});

describe('createdDespite', () => {
  const outcomes = {
    internal: 'unknown',
    invalidBody: 'no',
    malformedJson: 'no',
    invalidQuery: 'no',
    invalidHeader: 'no',
    invalidAccountId: 'no',
    badRequest: 'no',
    accountNotAllowed: 'no',
    notFound: 'no',
    bodyTooLarge: 'no',
    notJson: 'no',
    upstreamUnreachable: 'no',
    upstreamConnectionLost: 'unknown',
    upstreamUnintelligible: 'unknown',
    upstreamTimedOut: 'unknown',
    upstreamRateLimited: 'no',
    notSignedIn: 'no',
    notPermitted: 'no',
    identityUnavailable: 'no',
  } as const satisfies Record<ErrorName, Created>;

  it.each(ENTRIES)('knows what %s means for the tunnel', (name, failure) => {
    expect(outcomes).toHaveProperty(name, createdDespite(failure));
  });

  it.each([
    { status: 400, code: 1012, created: 'no', why: 'Cloudflare refused it' },
    { status: 401, code: 10000, created: 'no', why: 'Cloudflare refused the token' },
    { status: 403, code: 9109, created: 'no', why: 'Cloudflare refused the token' },
    { status: 409, code: undefined, created: 'no', why: 'a refusal without a code' },
    { status: 429, code: 10013, created: 'no', why: 'Cloudflare asked to slow down' },
    { status: 499, code: undefined, created: 'no', why: 'the last status that is the caller’s fault' },
    { status: 500, code: 1000, created: 'unknown', why: 'the request had reached Cloudflare' },
    { status: 503, code: undefined, created: 'unknown', why: 'the request had reached somebody' },
    { status: 502, code: 89999, created: 'unknown', why: 'a code below this server’s range' },
    { status: 502, code: 91000, created: 'unknown', why: 'a code above this server’s range' },
    { status: 502, code: 90999, created: 'no', why: 'this server’s own code speaks, not the status' },
    { status: 200, code: 90022, created: 'unknown', why: 'this server’s own code speaks, not the status' },
  ])('answers $created for status $status with code $code: $why', ({ status, code, created }) => {
    expect(createdDespite({ status, code })).toBe(created);
  });
});
