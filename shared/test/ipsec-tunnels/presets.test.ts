import { describe, expect, test } from 'vitest';
import { DEVICE_NAMES, DEVICES, type Device } from '../../src/ipsec-tunnels/devices.ts';
import { adviseOnDeviceAddress, presetFor } from '../../src/ipsec-tunnels/presets.ts';
import { ipsecTunnelFields, issuesOnField } from '../../src/ipsec-tunnels/request.ts';
import { ROUTER_KINDS, ROUTER_NAMES } from '../../src/routers/kinds.ts';
import { ROUTERS } from '../../src/routers/routers.ts';

const FIELDS = ipsecTunnelFields({
  accountId: 'a'.repeat(32),
  interfaceAddressRules: 'reference',
  healthCheckTarget: 'string',
});

describe.each(DEVICES)('the preset of %s', (device) => {
  const preset = presetFor(device, 'reference');

  test('sets only what the schema accepts, and says why', () => {
    for (const [field, value] of Object.entries(preset.sets)) {
      const found = Object.keys(FIELDS).filter((name): name is keyof typeof FIELDS => name === field);
      expect(found).toHaveLength(1);
      expect(found.flatMap((name) => issuesOnField(FIELDS, name, value))).toEqual([]);
    }
    for (const sentence of [...preset.why, preset.pair.why, ...preset.asks.map(({ why }) => why)]) {
      expect(sentence).toMatch(/^[\w'].*\.$/);
    }
    expect(preset.why).not.toEqual([]);
  });

  test('names the guide that its router configuration names', () => {
    const kind = ROUTER_KINDS.find((each) => each === device);
    if (kind === undefined) return;
    expect(DEVICE_NAMES[device]).toBe(ROUTER_NAMES[kind]);
    const sources = ROUTERS[kind].sources.join('\n');
    if (sources.includes('third-party integrations')) {
      expect(sources).toContain(`${preset.guide} (Cloudflare WAN, third-party integrations)`);
    }
  });
});

test.each<[Device, boolean, string | undefined, string | undefined]>([
  ['aws', true, undefined, 'request'],
  ['azure', true, 'mid', 'reply'],
  ['google', true, undefined, 'reply'],
  ['meraki', true, 'low', 'request'],
  ['fortigate', false, undefined, 'request'],
  ['ios-xe', false, undefined, undefined],
  ['pfsense', true, 'mid', 'request'],
  ['linux', false, 'mid', 'request'],
  ['velocloud', true, undefined, undefined],
])('%s: replay protection %s, health check %s %s, as its guide has it', (device, replay, rate, type) => {
  const { sets } = presetFor(device, 'guide');
  expect([sets.replay_protection, sets['health_check.rate'], sets['health_check.type']]).toEqual([replay, rate, type]);
});

test('automatic return routing is set for Meraki alone', () => {
  const devices = DEVICES.filter((device) => presetFor(device, 'guide').sets.automatic_return_routing === true);
  expect(devices).toEqual(['meraki']);
});

test('pairs are on two Cloudflare endpoints with keys and identities of their own, but for two devices', () => {
  const unusual = DEVICES.flatMap((device) => {
    const { sharesEndpoint, sharesKey, sharesIdentity } = presetFor(device, 'guide').pair;
    return sharesEndpoint || sharesKey || sharesIdentity ? [{ device, sharesEndpoint, sharesKey, sharesIdentity }] : [];
  });
  expect(unusual).toEqual([
    { device: 'azure', sharesEndpoint: true, sharesKey: true, sharesIdentity: false },
    { device: 'velocloud', sharesEndpoint: false, sharesKey: true, sharesIdentity: true },
  ]);
});

test.each<Device>(['aws', 'google'])('%s says where the rules allow no address that it takes', (device) => {
  const whyOf = (rules: 'reference' | 'guide') =>
    presetFor(device, rules).asks.find(({ field }) => field === 'interface_address')?.why;
  expect(whyOf('reference')).toContain('INTERFACE_ADDRESS_RULES=guide');
  expect(whyOf('guide')).not.toContain('INTERFACE_ADDRESS_RULES');
});

describe('an interface address that does not suit the device', () => {
  test.each<[Device, string]>([
    ['azure', '10.0.0.0/31'],
    ['aws', '169.254.244.1/30'],
    ['aws', '10.0.0.0/31'],
    ['aws', '169.254.0.2/30'],
    ['google', '10.0.0.1/30'],
  ])('of %s is %s, in words: a fix would swap the ends', (device, address) => {
    expect(adviseOnDeviceAddress(device, address)).toEqual([
      { severity: 'risk', message: expect.stringContaining("Cloudflare's guide for") },
    ]);
  });

  test.each<[Device, unknown]>([
    ['azure', '10.0.0.1/31'],
    ['aws', '169.254.244.2/30'],
    ['google', '169.254.244.1/30'],
    ['pfsense', '10.0.0.0/31'],
    ['azure', 'nonsense'],
    ['aws', undefined],
  ])('is none of %s with %s', (device, address) => {
    expect(adviseOnDeviceAddress(device, address)).toEqual([]);
  });
});
