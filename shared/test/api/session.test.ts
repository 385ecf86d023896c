import { describe, expect, it } from 'vitest';
import { type Session, sessionSchema } from '../../src/api/session.ts';

const SESSION: Session = {
  mode: 'sandbox',
  person: { name: 'Ann', signOutPath: '/auth/sign-out' },
  accounts: [{ id: '0123456789abcdef0123456789abcdef', label: 'Lab', mayChange: true }],
  rules: { interfaceAddressRules: 'reference', virtualSubnet6: '2001:db8:1::/64' },
  cloudflareEndpoints: ['162.159.64.1'],
  version: '0.1.0',
};

describe('sessionSchema', () => {
  it.each([
    { session: SESSION, why: 'everything known' },
    { session: { ...SESSION, mode: 'cloudflare' }, why: 'talking to Cloudflare itself' },
    {
      session: { ...SESSION, rules: { interfaceAddressRules: 'guide' } },
      why: 'the guide’s rules, no virtual_subnet6',
    },
    { session: { ...SESSION, accounts: [], cloudflareEndpoints: [] }, why: 'no account and no endpoint configured' },
  ])('reads a session: $why', ({ session }) => {
    expect(sessionSchema.parse(session)).toEqual(session);
  });

  it.each([
    { session: { ...SESSION, mode: 'production' }, why: 'a mode that does not exist' },
    { session: { ...SESSION, rules: { interfaceAddressRules: 'loose' } }, why: 'a rule set that does not exist' },
    { session: { ...SESSION, rules: {} }, why: 'no rule set: browser and server would validate differently' },
    { session: { ...SESSION, accounts: [{ id: 'x', mayChange: true }] }, why: 'an account without a label' },
    {
      session: { ...SESSION, accounts: [{ id: 'x', label: 'Lab' }] },
      why: 'an account without a word on who may create',
    },
    { session: { ...SESSION, person: undefined }, why: 'nobody who uses it' },
    { session: { ...SESSION, cloudflareEndpoints: undefined }, why: 'no list of endpoints' },
    { session: '<html>', why: 'not an object' },
  ])('rejects what is not a session: $why', ({ session }) => {
    expect(sessionSchema.safeParse(session).success).toBe(false);
  });
});
