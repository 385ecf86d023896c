import { describe, expect, test } from 'vitest';
import { type PairOfRequests, type PairSettings, pairIssues, pairOf } from '../../src/ipsec-tunnels/pairs.ts';

const SETTINGS: PairSettings = {
  suffixes: ['-1', '-2'],
  secondEndpoint: '198.51.100.2',
  sharesKey: false,
  sharesIdentity: false,
};
const DOMAIN = `${'a'.repeat(32)}.custom.ipsec.cloudflare.com`;
const REQUEST = {
  name: 'branch-ams',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '203.0.113.10',
  interface_address: '10.0.0.0/31',
  psk: 'correct horse battery staple',
  replay_protection: true,
  custom_remote_identities: { fqdn_id: `ams.${DOMAIN}` },
  health_check: { type: 'request', direction: 'bidirectional' },
};

describe('the requests of a pair', () => {
  test('are one request, but for names, identities and Cloudflare endpoints, with the key in the first alone', () => {
    const { psk, ...withoutKey } = REQUEST;
    expect(pairOf(REQUEST, SETTINGS, '10.0.0.2/31')).toEqual([
      { ...REQUEST, name: 'branch-ams-1', custom_remote_identities: { fqdn_id: `ams-1.${DOMAIN}` } },
      {
        ...withoutKey,
        name: 'branch-ams-2',
        cloudflare_endpoint: '198.51.100.2',
        interface_address: '10.0.0.2/31',
        custom_remote_identities: { fqdn_id: `ams-2.${DOMAIN}` },
      },
    ]);
    expect(psk).toBe(REQUEST.psk);
  });

  test('have the same key and identity where the device wants that', () => {
    const pair = pairOf(REQUEST, { ...SETTINGS, sharesKey: true, sharesIdentity: true }, '10.0.0.2/31');
    for (const each of pair)
      expect(each).toMatchObject({ psk: REQUEST.psk, custom_remote_identities: { fqdn_id: `ams.${DOMAIN}` } });
  });

  test('leave out what is not there, so that the schema says what is missing', () => {
    const [first, second] = pairOf({}, { ...SETTINGS, secondEndpoint: '' }, '');
    expect([first, second]).toEqual([{}, {}]);
  });

  test('never have one IPv6 interface subnet: the second has its own, or none', () => {
    const request = { ...REQUEST, interface_address6: '2001:db8::/127' };
    expect(pairOf(request, SETTINGS, '10.0.0.2/31')[1]).not.toHaveProperty('interface_address6');
    const [first, second] = pairOf(request, SETTINGS, '10.0.0.2/31', { interfaceAddress6: '2001:db8::2/127' });
    expect(first['interface_address6']).toBe('2001:db8::/127');
    expect(second['interface_address6']).toBe('2001:db8::2/127');
  });

  test("check the second's health at its own router's address where the first's is checked at its own", () => {
    const request = { ...REQUEST, health_check: { type: 'reply', target: '203.0.113.10' } };
    const [first, second] = pairOf(request, SETTINGS, '10.0.0.2/31', { customerEndpoint: '203.0.113.20' });
    expect(first).toMatchObject({ customer_endpoint: '203.0.113.10', health_check: { target: '203.0.113.10' } });
    expect(second).toMatchObject({
      customer_endpoint: '203.0.113.20',
      health_check: { type: 'reply', target: '203.0.113.20' },
    });
  });

  test('check the health of both at an address behind the router where the target is one', () => {
    const request = { ...REQUEST, health_check: { target: '10.9.0.1' } };
    const [, second] = pairOf(request, SETTINGS, '10.0.0.2/31', { customerEndpoint: '203.0.113.20' });
    expect(second).toMatchObject({ health_check: { target: '10.9.0.1' } });
  });
});

describe('what the halves of a pair cannot both have', () => {
  const pairWith = (settings: Partial<PairSettings>, address = '10.0.0.2/31', request: object = REQUEST) =>
    pairOf({ ...request }, { ...SETTINGS, ...settings }, address);
  const found = (pair: PairOfRequests) => pairIssues(pair).map(({ field, severity }) => `${severity} ${field}`);

  test('a pair on two endpoints is right', () => expect(pairIssues(pairWith({}))).toEqual([]));

  test.each<[string, PairOfRequests, string[]]>([
    ['one name', pairWith({ suffixes: ['-x', '-x'], sharesIdentity: true }), ['issue name']],
    ['names that look alike', pairWith({ suffixes: ['-a', '-A'] }), ['risk name']],
    ['one interface subnet', pairWith({}, '10.0.0.1/31'), ['issue interface_address']],
    ['one subnet inside the other', pairWith({}, '10.0.0.2/30'), ['issue interface_address']],
    [
      'one identity on one Cloudflare endpoint',
      pairWith({ secondEndpoint: '198.51.100.1', sharesIdentity: true }),
      ['issue custom_remote_identities.fqdn_id', 'risk customer_endpoint'],
    ],
    ['both endpoints', pairWith({ secondEndpoint: '198.51.100.1', sharesKey: true }), ['risk customer_endpoint']],
    ['one identity on two endpoints, as VeloCloud has it', pairWith({ sharesKey: true, sharesIdentity: true }), []],
    ['nothing yet', pairWith({ secondEndpoint: '' }, '', {}), []],
  ])('%s', (_, pair, expected) => expect(found(pair)).toEqual(expected));

  test('one IPv6 interface subnet', () => {
    const request = { ...REQUEST, interface_address6: '2001:db8::/127' };
    const pair = pairOf(request, SETTINGS, '10.0.0.2/31', { interfaceAddress6: '2001:db8::/127' });
    expect(found(pair)).toEqual(['issue interface_address6']);
  });

  test('says which two addresses overlap', () =>
    expect(pairIssues(pairWith({}, '10.0.0.1/31'))[0]?.message).toBe(
      "10.0.0.1/31 overlaps the first tunnel's 10.0.0.0/31",
    ));
});
