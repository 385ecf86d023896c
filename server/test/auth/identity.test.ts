import { describe, expect, it } from 'vitest';
import {
  type EmailRule,
  hasRole,
  identityOf,
  LOCAL_OPERATOR,
  mayChange,
  mayValidate,
  personFrom,
  type RoleRules,
} from '../../src/auth/identity.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID } from '../support/samples.ts';

const RULES: RoleRules = {
  claim: 'groups',
  viewers: [{ value: 'readers' }, { value: 'branch-readers', accountId: ACCOUNT_ID }],
  operators: [{ value: 'ops' }, { value: 'branch-ops', accountId: ACCOUNT_ID }],
};

function identityWith(groups: unknown) {
  const person = personFrom({ sub: 'u1', groups }, RULES, 'only-if-verified');
  if (person === undefined) throw new Error('nobody');
  return identityOf(person, RULES);
}

describe('what a role allows', () => {
  it.each<[string, unknown, { validate: boolean[]; create: boolean[] }]>([
    ['an operator creates everywhere', ['ops'], { validate: [true, true], create: [true, true] }],
    ['a viewer only validates', ['readers'], { validate: [true, true], create: [false, false] }],
    ['an operator of one account', ['branch-ops'], { validate: [true, false], create: [true, false] }],
    ['a viewer of one account', ['branch-readers'], { validate: [true, false], create: [false, false] }],
    ['both roles add up', ['readers', 'branch-ops'], { validate: [true, true], create: [true, false] }],
    ['a claim that is one text', 'ops', { validate: [true, true], create: [true, true] }],
    ['no claim', undefined, { validate: [false, false], create: [false, false] }],
    ['an unknown group', ['OPS', 'ops '], { validate: [false, false], create: [false, false] }],
    ['a claim of another shape', { ops: true }, { validate: [false, false], create: [false, false] }],
    ['a list of other things', [1, null, ['ops']], { validate: [false, false], create: [false, false] }],
  ])('%s', (_case, groups, { validate, create }) => {
    const identity = identityWith(groups);
    const accounts = [ACCOUNT_ID, OTHER_ACCOUNT_ID];
    expect(accounts.map((id) => mayValidate(identity, id))).toEqual(validate);
    expect(accounts.map((id) => mayChange(identity, id))).toEqual(create);
    expect(hasRole(identity)).toBe(validate.includes(true));
  });

  it('is everything for those who use a desk without sign-in', () => {
    expect(LOCAL_OPERATOR.id).toBe('local');
    expect(mayChange(LOCAL_OPERATOR, ACCOUNT_ID)).toBe(true);
    expect(mayValidate(LOCAL_OPERATOR, ACCOUNT_ID)).toBe(true);
  });
});

describe('who somebody is', () => {
  it.each([
    [
      { sub: 'u1', name: 'Ann', email: 'ann@example.com' },
      { id: 'u1', name: 'Ann' },
    ],
    [
      { sub: 'u1', email: 'ann@example.com' },
      { id: 'u1', name: 'ann@example.com' },
    ],
    [{ sub: 'u1' }, { id: 'u1', name: 'u1' }],
    // A service token of Cloudflare Access.
    [
      { sub: '', common_name: 'token.access' },
      { id: 'token.access', name: 'token.access' },
    ],
    [
      { sub: 'u1', name: 7 },
      { id: 'u1', name: 'u1' },
    ],
  ])('%j', (claims, person) => {
    expect(personFrom(claims, RULES, 'only-if-verified')).toEqual({ ...person, roles: [] });
  });

  it.each([{}, { sub: '' }, { sub: 5 }, { sub: 'x'.repeat(256) }])('is nobody with %j', (claims) => {
    expect(personFrom(claims, RULES, 'only-if-verified')).toBeUndefined();
  });

  it('keeps only the roles that grant something, so that a session stays small', () => {
    expect(personFrom({ sub: 'u1', groups: ['a', 'ops', 'b'] }, RULES, 'only-if-verified')?.roles).toEqual(['ops']);
  });
});

describe('where the role is', () => {
  const rolesAt = (claim: string, claims: Record<string, unknown>, emailRule: EmailRule = 'only-if-verified') =>
    personFrom({ sub: 'u1', ...claims }, { ...RULES, claim }, emailRule)?.roles;

  it('may be inside another claim', () => {
    expect(rolesAt('custom.groups', { custom: { groups: ['ops'] } })).toEqual(['ops']);
    expect(rolesAt('custom.groups', { custom: 'ops' })).toEqual([]);
    expect(rolesAt('constructor.name', {})).toEqual([]);
  });

  it('may be a claim whose own name has dots', () => {
    expect(rolesAt('https://example.com/roles', { 'https://example.com/roles': ['ops'] })).toEqual(['ops']);
  });

  it.each<[unknown, string[], string[]]>([
    [true, ['ops'], ['ops']],
    [false, [], []],
    [undefined, [], ['ops']],
    ['true', [], ['ops']],
    [1, [], ['ops']],
    [null, [], ['ops']],
  ])(
    'may be an email address with email_verified %j where that is enough',
    (email_verified, ifVerified, unlessUnverified) => {
      const claims = { email: 'ops', email_verified };
      expect(rolesAt('email', claims, 'only-if-verified')).toEqual(ifVerified);
      expect(rolesAt('email', claims, 'unless-unverified')).toEqual(unlessUnverified);
    },
  );
});
