import { describe, expect, it } from 'vitest';
import { accepted, NOT_A_STRING, requestWith, testField, wrongTypes } from '../validating.ts';

testField('health_check', ['health_check'], {
  accepts: [{ value: {}, why: 'nothing in it is required, and no default is filled in' }],
  rejects: wrongTypes('an object', 'string', 'number', 'boolean', 'array'),
});

testField('health_check.rate', ['health_check', 'rate'], {
  accepts: [
    { value: 'low', why: 'a word of the API reference' },
    { value: 'mid', why: 'a word of the API reference' },
    { value: 'high', why: 'a word of the API reference' },
  ],
  rejects: noneOf('low, mid, high', 'medium', 'Mid', ' mid'),
});

testField('health_check.type', ['health_check', 'type'], {
  accepts: [
    { value: 'reply', why: 'a word of the API reference' },
    { value: 'request', why: 'a word of the API reference' },
  ],
  rejects: noneOf('reply, request', 'response', 'Reply', 'reply '),
});

testField('health_check.direction', ['health_check', 'direction'], {
  accepts: [
    { value: 'unidirectional', why: 'a word of the API reference' },
    { value: 'bidirectional', why: 'a word of the API reference' },
  ],
  rejects: noneOf('unidirectional, bidirectional', 'both', 'Bidirectional', 'bidirectional\n'),
});

function noneOf(words: string, another: string, capital: string, padded: string) {
  const says = `must be one of ${words}`;
  return [
    { value: another, says, why: 'another word' },
    { value: capital, says, why: 'a capital letter' },
    { value: padded, says, why: 'white space is not trimmed' },
    { value: '', says, why: 'empty' },
    { value: null, says, why: 'null is not absent' },
    { value: 1, says, why: 'a number' },
    { value: true, says, why: 'a boolean' },
    { value: ['low'], says, why: 'an array' },
    { value: {}, says, why: 'an object' },
  ];
}

const TARGET = ['health_check', 'target'];

testField('health_check.target without the new header', TARGET, {
  accepts: [
    { value: '', why: 'empty means Cloudflare’s calculated default' },
    { value: '10.0.0.1', why: 'an IPv4 address' },
    { value: '2001:db8::1', why: 'an IPv6 address' },
  ],
  rejects: [
    { value: ' ', says: '" " is not an IP address', why: 'a space is not empty' },
    { value: 'router.example.com', says: 'is not an IP address', why: 'a host name' },
    { value: '010.0.0.1', says: '"010.0.0.1" is not an IP address', why: 'a leading zero' },
    { value: '10.0.0.1/31', says: 'one address: 10.0.0.1', offers: '10.0.0.1', why: 'a prefix length' },
    { value: 'fe80::1%eth0', says: 'has a zone ID', offers: 'fe80::1', why: 'a zone ID' },
    { value: { saved: '10.0.0.1' }, says: 'must be a string, not an object', why: 'the form of the new header' },
    ...NOT_A_STRING,
  ],
});

const NEW_FORM = { rules: { healthCheckTarget: 'object' } } as const;

testField(
  'health_check.target with the new header',
  TARGET,
  {
    accepts: [
      { value: { saved: '' }, why: 'empty means Cloudflare’s calculated default' },
      { value: { saved: '10.0.0.1' }, why: 'an IPv4 address' },
      { value: { saved: '2001:db8::1' }, why: 'an IPv6 address' },
      { value: {}, why: 'saved may be left out (SDK types)' },
    ],
    rejects: [
      { value: '', says: 'must be an object, not a string', why: 'the form without the header' },
      { value: '10.0.0.1', says: 'must be an object, not a string', why: 'the form without the header' },
      { value: { saved: null }, inside: ['saved'], says: 'must be a string, not null', why: 'null is not absent' },
      { value: { saved: 1 }, inside: ['saved'], says: 'must be a string, not a number', why: 'a number' },
      { value: { saved: ' ' }, inside: ['saved'], says: '" " is not an IP address', why: 'a space is not empty' },
      { value: { saved: 'router' }, inside: ['saved'], says: '"router" is not an IP address', why: 'a host name' },
      {
        value: { saved: '10.0.0.1/31' },
        inside: ['saved'],
        says: 'an endpoint is one address: 10.0.0.1',
        offers: '10.0.0.1',
        why: 'a prefix length',
      },
      {
        value: { saved: '', Saved: '' },
        inside: ['Saved'],
        says: 'unknown key; known here: saved',
        why: 'an unknown key',
      },
      ...wrongTypes('an object', 'number', 'boolean', 'array'),
    ],
  },
  NEW_FORM,
);

describe('health_check.target.effective', () => {
  it.each([
    { effective: '10.0.0.1', why: 'as Cloudflare responds' },
    { effective: '', why: 'empty' },
    { effective: 'anything', why: 'it is not sent, so it is not validated' },
    { effective: null, why: 'it is not sent, so it is not validated' },
  ])('is read-only and dropped when it is $effective: $why', ({ effective }) => {
    const body = requestWith(TARGET, { saved: '192.0.2.1', effective });
    expect(accepted(body, NEW_FORM.rules)).toStrictEqual(requestWith(TARGET, { saved: '192.0.2.1' }));
  });

  it('is dropped when it is all there is', () => {
    const body = requestWith(TARGET, { effective: '10.0.0.1' });
    expect(accepted(body, NEW_FORM.rules)).toStrictEqual(requestWith(TARGET, {}));
  });
});
