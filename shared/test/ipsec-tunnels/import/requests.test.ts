import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, requestOf, unreadKeys } from '../../../src/ipsec-tunnels/import/requests.ts';
import { exportedRequest, FULL_TUNNEL } from '../export/tunnels.ts';
import { ACCOUNT_ID, FULL_REQUEST, MINIMAL_REQUEST } from '../validating.ts';

describe('a request as cells', () => {
  it('has a text for every field, and is the same request again', () => {
    expect(requestOf(cellsOf(FULL_REQUEST), ACCOUNT_ID)).toEqual(FULL_REQUEST);
    expect(unreadKeys(FULL_REQUEST)).toEqual([]);
  });

  it('is the same request again, whatever its texts are, but for blanks that the form would not send', () => {
    fc.assert(
      fc.property(exportedRequest, fc.string(), (request, psk) => {
        const { custom_remote_identities: _, ...rest } = request;
        const written = { ...rest, name: rest.name.trim() || 'name', ...(psk !== '' && { psk }) };
        expect(requestOf(cellsOf(written), ACCOUNT_ID)).toStrictEqual(written);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    { request: { name: 5 }, cells: { name: '5' }, why: 'a number for a text' },
    { request: { replay_protection: 'yes' }, cells: { replay_protection: 'yes' }, why: 'a text for a flag' },
    { request: { bgp: { customer_asn: '65001' } }, cells: { 'bgp.customer_asn': '65001' }, why: 'a text for a number' },
    { request: { name: ['a'] }, cells: { name: '["a"]' }, why: 'a list for a text' },
    { request: { bgp: { extra_prefixes: [1] } }, cells: { 'bgp.extra_prefixes': '[1]' }, why: 'no list of prefixes' },
    { request: { name: null, psk: '', bgp: { extra_prefixes: [] } }, cells: {}, why: 'nothing says nothing' },
    { request: { health_check: { target: { effective: '10.0.0.1' } } }, cells: {}, why: 'Cloudflare says that one' },
    {
      request: { health_check: { target: { saved: '10.0.0.1' } } },
      cells: { 'health_check.target': '10.0.0.1' },
      why: 'the object form of a target',
    },
  ])('$request is $cells: $why', ({ request, cells }) => {
    expect(cellsOf(request)).toEqual(cells);
  });

  it.each([
    { request: { colour: 'red' }, keys: ['colour'], why: 'unknown' },
    { request: { bgp: { customer_asn: 1, colour: 'red' } }, keys: ['bgp.colour'], why: 'unknown in a group' },
    { request: { bgp: 'on' }, keys: ['bgp'], why: 'no group' },
    { request: { bgp: {} }, keys: ['bgp'], why: 'BGP without an ASN has no cell' },
    { request: { health_check: {} }, keys: [], why: 'an empty group says nothing' },
    { request: { 'bgp.md5_key': 'key' }, keys: ['bgp.md5_key'], why: 'a path is no key' },
    {
      request: { ...FULL_TUNNEL, colour: undefined, health_check: {} },
      keys: ['colour'],
      why: 'what Cloudflare adds is not lost',
    },
  ])('says of $request that $keys would be lost: $why', ({ request, keys }) => {
    expect(unreadKeys(request)).toEqual(keys);
  });
});

describe('cells as a request', () => {
  it('have no group of which no cell is filled', () => {
    expect(requestOf({ ...MINIMAL_REQUEST, 'bgp.md5_key': '', 'bgp.extra_prefixes': ' ' }, ACCOUNT_ID)).toEqual(
      MINIMAL_REQUEST,
    );
  });

  it('are trimmed where the form trims, and else as they were typed', () => {
    expect(
      requestOf(
        { name: ' a ', description: ' a ', psk: ' a ', 'bgp.md5_key': ' a ', 'bgp.customer_asn': ' 1 ' },
        ACCOUNT_ID,
      ),
    ).toEqual({ name: 'a', description: ' a ', psk: ' a ', bgp: { md5_key: ' a ', customer_asn: 1 } });
  });

  it.each([
    { text: 'branch-1', identity: `branch-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`, why: 'a label is completed' },
    {
      text: 'branch-1.123.custom.ipsec.cloudflare.com',
      identity: 'branch-1.123.custom.ipsec.cloudflare.com',
      why: 'it is whole',
    },
    { text: 'branch.1', identity: 'branch.1', why: 'it is no label: for the schema to reject' },
  ])('have the identity $identity for $text: $why', ({ text, identity }) => {
    const request = requestOf({ 'custom_remote_identities.fqdn_id': text }, ACCOUNT_ID);
    expect(request).toEqual({ custom_remote_identities: { fqdn_id: identity } });
  });
});
