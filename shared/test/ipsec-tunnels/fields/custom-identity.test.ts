import { expect, it } from 'vitest';
import { completeIdentity, customIdentitySuffix } from '../../../src/ipsec-tunnels/fields.ts';
import { ACCOUNT_ID, NOT_A_STRING, OTHER_ACCOUNT_ID, testField, wrongTypes } from '../validating.ts';

const SUFFIX = '.0123456789abcdef0123456789abcdef.custom.ipsec.cloudflare.com';
const DOMAIN = '.custom.ipsec.cloudflare.com';
const ROUTER_1 = `router-1${SUFFIX}`;
const WRONG_LABEL = 'the label must be 1 to 63 letters, digits or hyphens, with no hyphen at either end';

it('puts the account’s ID and Cloudflare’s domain behind the label (SDK types)', () => {
  expect(customIdentitySuffix(ACCOUNT_ID)).toBe(SUFFIX);
});

it('completes a label, and leaves an identity that is whole as it is', () => {
  expect(completeIdentity('router-1', ACCOUNT_ID)).toBe(ROUTER_1);
  expect(completeIdentity(ROUTER_1, ACCOUNT_ID)).toBe(ROUTER_1);
  expect(completeIdentity(`router-1.1234567${DOMAIN}`, ACCOUNT_ID)).toBe(`router-1.1234567${DOMAIN}`);
});

testField('custom_remote_identities.fqdn_id', ['custom_remote_identities', 'fqdn_id'], {
  accepts: [
    { value: ROUTER_1, why: 'letters, a hyphen and a digit' },
    { value: `a${SUFFIX}`, why: 'one letter' },
    { value: `1${SUFFIX}`, why: 'one digit' },
    { value: `9a9${SUFFIX}`, why: 'digits at both ends (RFC 1123)' },
    { value: `a1${SUFFIX}`, why: 'two characters' },
    { value: `abcdefghijklmnopqrstuvwxyz0123456789${SUFFIX}`, why: 'every letter and digit' },
    { value: `${'a'.repeat(63)}${SUFFIX}`, why: 'the longest label, 63 characters' },
    { value: `a${'-'.repeat(61)}z${SUFFIX}`, why: 'hyphens inside' },
    { value: `router-1.1234567${DOMAIN}`, why: 'a numeric account ID; to check it is advice' },
    { value: `Router-1${SUFFIX}`, why: 'capital letters in the label are not rewritten' },
  ],
  rejects: [
    { value: `${'a'.repeat(64)}${SUFFIX}`, says: WRONG_LABEL, why: 'a label of 64 characters' },
    { value: SUFFIX, says: WRONG_LABEL, why: 'no label before the dot' },
    { value: `-a${SUFFIX}`, says: WRONG_LABEL, why: 'a hyphen in front' },
    { value: `a-${SUFFIX}`, says: WRONG_LABEL, why: 'a hyphen at the end' },
    { value: `-${SUFFIX}`, says: WRONG_LABEL, why: 'a hyphen alone' },
    { value: `a.b${SUFFIX}`, says: WRONG_LABEL, offers: `a-b${SUFFIX}`, why: 'two labels' },
    { value: `a_b${SUFFIX}`, says: WRONG_LABEL, offers: `a-b${SUFFIX}`, why: 'an underscore' },
    { value: `é${SUFFIX}`, says: WRONG_LABEL, why: 'a letter outside ASCII' },
    { value: `a b${SUFFIX}`, says: WRONG_LABEL, offers: `a-b${SUFFIX}`, why: 'a space' },
    { value: ` ${ROUTER_1}`, says: WRONG_LABEL, offers: ROUTER_1, why: 'a leading space is not trimmed' },
    { value: `router\u200b-1${SUFFIX}`, says: WRONG_LABEL, offers: ROUTER_1, why: 'an invisible character' },
    {
      value: `a.b.1234567${DOMAIN}`,
      says: WRONG_LABEL,
      offers: `a-b.1234567${DOMAIN}`,
      why: 'two labels and a number',
    },
    {
      value: `${ROUTER_1}${SUFFIX}`,
      says: `the identity ends twice in ${DOMAIN}: ${ROUTER_1}`,
      offers: ROUTER_1,
      why: 'a whole identity with the suffix once more',
    },
    {
      value: `router-1.1234567${DOMAIN}${SUFFIX}`,
      says: `the identity ends twice in ${DOMAIN}: router-1.1234567${DOMAIN}`,
      offers: `router-1.1234567${DOMAIN}`,
      why: 'a whole identity with a numeric account ID, and the suffix once more',
    },
    {
      value: `router-1.${OTHER_ACCOUNT_ID}${DOMAIN}${SUFFIX}`,
      says: 'the identity ends twice',
      why: 'of two accounts, which one was meant is not certain',
    },
    { value: `*${SUFFIX}`, says: WRONG_LABEL, why: 'a wildcard' },
    {
      value: `${ROUTER_1}\n`,
      says: `must be a label followed by ${SUFFIX}: ${ROUTER_1}`,
      offers: ROUTER_1,
      why: 'a trailing line break is not trimmed',
    },
    { value: `${ROUTER_1}.`, says: `: ${ROUTER_1}`, offers: ROUTER_1, why: 'a trailing dot' },
    { value: 'router-1', says: `: ${ROUTER_1}`, offers: ROUTER_1, why: 'the label alone' },
    {
      value: `router-1.${OTHER_ACCOUNT_ID}.custom.ipsec.cloudflare.com`,
      says: `names the account ${OTHER_ACCOUNT_ID}, and this tunnel is for ${ACCOUNT_ID}`,
      why: 'another account’s ID: which account was meant is not certain',
    },
    {
      value: `router-1${SUFFIX.toUpperCase()}`,
      says: `: ${ROUTER_1}`,
      offers: ROUTER_1,
      why: 'the account ID in capital letters',
    },
    {
      value: `router-1.1234567${DOMAIN.toUpperCase()}`,
      says: `: router-1.1234567${DOMAIN}`,
      offers: `router-1.1234567${DOMAIN}`,
      why: 'a numeric account ID and capital letters',
    },
    { value: `router-1.0123${DOMAIN}`, says: 'must be a label followed by', why: 'a number with a leading zero' },
    {
      value: `router-1.${'1'.repeat(32)}${DOMAIN}`,
      says: 'names the account 1',
      why: 'another account, all of digits',
    },
    { value: '', says: `must be a label followed by ${SUFFIX}`, why: 'empty' },
    {
      value: SUFFIX.slice(1),
      says: `must be a label followed by ${SUFFIX}`,
      why: 'no label at all: which is a choice',
    },
    { value: 'custom.ipsec.cloudflare.com', says: 'must be a label followed by', why: 'neither label nor account' },
    { value: 'vpn.example.com', says: 'must be a label followed by', why: 'a name of another domain' },
    { value: '192.0.2.1', says: 'must be a label followed by', why: 'an address' },
    { value: 'router_1', says: 'must be a label followed by', why: 'alone, and no label either' },
    {
      value: `${ROUTER_1}.example.com`,
      says: 'must be a label followed by',
      why: 'the identity inside another domain',
    },
    ...NOT_A_STRING,
  ],
});

testField('custom_remote_identities', ['custom_remote_identities'], {
  accepts: [{ value: {}, why: 'nothing in it is required' }],
  rejects: wrongTypes('an object', 'string', 'number', 'boolean', 'array'),
});
