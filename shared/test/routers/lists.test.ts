import { describe, expect, it } from 'vitest';
import type { RouterKind } from '../../src/routers/kinds.ts';
import type { TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import { ROUTERS } from '../../src/routers/routers.ts';
import type { RouterSettings } from '../../src/routers/settings.ts';
import { firstTunnel, inputOf, readable, secondTunnel, settingsFor } from './inputs.ts';

const REQUEST = { enabled: true, type: 'request', direction: 'bidirectional' };
const REPLY_TO_ENDPOINT = { enabled: true, type: 'reply', direction: 'bidirectional', target: '203.0.113.10' };

/** What of the tunnels suits each kind, so that nothing is left to advise. */
const SUITABLE: Readonly<Record<'pfsense' | 'unifi' | 'aws' | 'azure', readonly [first: object, second: object]>> = {
  pfsense: [{ replay_protection: true }, { replay_protection: true }],
  unifi: [{}, {}],
  aws: [
    { replay_protection: true, health_check: REQUEST, interface_address: '169.254.244.2/30' },
    {
      replay_protection: true,
      health_check: REQUEST,
      interface_address: '169.254.244.6/30',
      customer_endpoint: '203.0.113.11',
    },
  ],
  azure: [
    { replay_protection: true, health_check: REPLY_TO_ENDPOINT, interface_address: '10.0.0.1/31' },
    {
      replay_protection: true,
      health_check: { ...REPLY_TO_ENDPOINT, target: '203.0.113.11' },
      interface_address: '10.0.0.3/31',
      customer_endpoint: '203.0.113.11',
      cloudflare_endpoint: '198.51.100.1',
    },
  ],
};
const UPLINKS = { pfsense: 'WAN', unifi: 'WAN1', aws: undefined, azure: undefined };
/** What each of them takes. */
const KEYS = ['O3bwKSjnaoCxDoUxjcq4Rk8ZKkezQUiy', 'hbGnJzFMqwltb_BapXCO3cGZz2NMg.01'] as const;

type ListKind = keyof typeof SUITABLE;
const LISTS: readonly ListKind[] = ['pfsense', 'unifi', 'aws', 'azure'];

function list(kind: ListKind, tunnels: readonly TunnelForRouter[], changes: Partial<RouterSettings>) {
  const settings = settingsFor(kind, { routing: 'static', uplink: UPLINKS[kind], ...changes });
  const { files, leftOut } = ROUTERS[kind].configure(inputOf(readable(...tunnels), settings));
  return { text: files.map(({ content }) => content).join(''), leftOut: leftOut.join('\n') };
}

function advice(kind: RouterKind, changes: object, settings: Partial<RouterSettings> = {}) {
  return readable({ tunnel: firstTunnel(changes) }).flatMap((tunnel) =>
    ROUTERS[kind].adviseOn(tunnel, settingsFor(kind, { routing: 'static', ...settings })),
  );
}

function suitable(kind: ListKind, key: string | undefined = undefined): TunnelForRouter {
  return { tunnel: firstTunnel({ ...SUITABLE[kind][0], bgp: undefined }), psk: key };
}

describe.each(LISTS)('%s', (kind) => {
  const [first, second] = SUITABLE[kind];

  it('is as recorded for a pair with keys and static routes', async () => {
    const sharedKey = kind === 'azure' ? KEYS[0] : KEYS[1];
    const tunnels = [
      { tunnel: firstTunnel(first), psk: KEYS[0] },
      { tunnel: secondTunnel(second), psk: sharedKey },
    ];
    const { text, leftOut } = list(kind, tunnels, { remotePrefixes: ['10.64.0.0/16', '172.16.0.0/12'] });
    await expect(`${text}\nLeft out:\n${leftOut}\n`).toMatchFileSnapshot(`golden/${kind}/pair-static-keys.txt`);
  });

  it('is as recorded for one tunnel behind NAT, without its key and with compatible proposals', async () => {
    const { text, leftOut } = list(kind, [suitable(kind)], { isBehindNat: true, proposals: 'compatible' });
    await expect(`${text}\nLeft out:\n${leftOut}\n`).toMatchFileSnapshot(`golden/${kind}/behind-nat-compatible.txt`);
  });

  it('is as recorded for a default route through Cloudflare', async () => {
    const { text, leftOut } = list(kind, [suitable(kind)], { remotePrefixes: ['0.0.0.0/0'] });
    await expect(`${text}\nLeft out:\n${leftOut}\n`).toMatchFileSnapshot(`golden/${kind}/default-route.txt`);
  });

  it('has nothing against a tunnel that suits it', () => {
    expect(advice(kind, { ...first, bgp: undefined })).toEqual([]);
  });

  it('advises static routing where BGP was chosen, and leaves BGP and its key out', () => {
    expect(advice(kind, first, { routing: 'bgp' }).map(({ message }) => message)).toEqual([
      expect.stringMatching(/BGP.* Choose static routing\.$/),
    ]);
    const { text, leftOut } = list(kind, [{ tunnel: firstTunnel(first) }], { routing: 'bgp' });
    expect(leftOut).toMatch(/^BGP: /m);
    expect(text).not.toContain('S3cr3t!key');
    expect(text).not.toContain('65010');
  });

  it('says that no networks were named', () => {
    expect(list(kind, [suitable(kind)], { remotePrefixes: [] }).leftOut).toMatch(/^Static routes: no networks/m);
  });
});

describe('pfSense', () => {
  it('identifies itself by its user FQDN', () => {
    const { text } = list('pfsense', [suitable('pfsense')], {});
    expect(text).toMatch(/My identifier: +User Fully qualified domain name\n +My identifier \(text\): +ipsec@\S+\n/);
  });

  it.each([
    [{ replay_protection: false }, { replay_protection: true }],
    [{ replay_protection: true, health_check: { enabled: true, type: 'reply' } }, { 'health_check/type': 'request' }],
  ])('advises on %j', (changes, values) => {
    expect(advice('pfsense', changes).map(({ fix }) => fix?.values)).toEqual([values]);
  });

  it('goes through the gateway itself where there is one tunnel, and through a group where there are two', () => {
    expect(list('pfsense', [suitable('pfsense')], {}).text).toMatch(/Gateway: +CF_1_VTIV4\n/);
    const pair = [{ tunnel: firstTunnel() }, { tunnel: secondTunnel() }];
    expect(list('pfsense', pair, {}).text).toMatch(/Gateway: +CLOUDFLARE\n/);
  });
});

describe('UniFi', () => {
  it('asks for a customer endpoint, by which it identifies itself', () => {
    expect(advice('unifi', { customer_endpoint: undefined }).map(({ fix }) => fix?.values)).toEqual([
      { customer_endpoint: '' },
    ]);
  });

  it('identifies itself behind NAT by the customer endpoint, which it cannot see itself', () => {
    const behindNat = { isBehindNat: true };
    expect(list('unifi', [suitable('unifi')], behindNat).text).toMatch(/Local Authentication ID: +203\.0\.113\.10\n/);
    const unknown = { tunnel: firstTunnel({ customer_endpoint: undefined }) };
    expect(list('unifi', [unknown], behindNat).leftOut).toMatch(/^Local Authentication ID in step 1: /m);
  });

  it('has the interface subnet among the remote networks, whichever end is Cloudflare', () => {
    const upper = { tunnel: firstTunnel({ interface_address: '10.0.0.1/31' }) };
    const { text } = list('unifi', [upper], {});
    expect(text).toMatch(/Tunnel IP: +10\.0\.0\.0\/31\n/);
    expect(text).toMatch(/Remote Networks: +10\.0\.0\.0\/31\n/);
  });
});

describe('AWS', () => {
  const suits = SUITABLE.aws[0];

  it.each([
    ['10.0.0.0/31', undefined, 'AWS takes a /30 alone'],
    ['10.0.0.1/30', undefined, 'Cloudflare supports another range'],
    ['169.254.10.2/30', undefined, 'Cloudflare supports another range'],
    ['169.254.244.2/31', undefined, 'AWS takes a /30 alone'],
    ['169.254.244.1/30', '169.254.244.2/30', 'the first address is for AWS'],
  ])('advises against the interface address %s, with the fix %s: %s', (interface_address, fixed, _why) => {
    const advised = advice('aws', { ...suits, interface_address });
    expect(advised).toHaveLength(1);
    expect(advised[0]?.fix?.values['interface_address']).toBe(fixed);
    const { text, leftOut } = list('aws', [{ tunnel: firstTunnel({ ...suits, interface_address }) }], {});
    expect(text).not.toMatch(/Inside IPv4 CIDR: +\d/);
    expect(leftOut).toMatch(/^Inside IPv4 CIDR in step 2: /m);
  });

  it('gives AWS the network of the /30', () => {
    expect(list('aws', [suitable('aws')], {}).text).toMatch(/Inside IPv4 CIDR: +169\.254\.244\.0\/30\n/);
  });

  it('makes one VPN connection of two tunnels to one Cloudflare endpoint, and two of two', () => {
    const attachments = (cloudflare_endpoint: string) => {
      const second = secondTunnel({ ...SUITABLE.aws[1], cloudflare_endpoint });
      const { text } = list('aws', [suitable('aws'), { tunnel: second }], {});
      return text.match(/Create transit gateway attachment/g)?.length;
    };
    expect(attachments('198.51.100.1')).toBe(1);
    expect(attachments('198.51.100.2')).toBe(2);
  });

  it('leaves out an outside address that two tunnels have, since each has its own at AWS', () => {
    const second = secondTunnel({ ...SUITABLE.aws[1], customer_endpoint: '203.0.113.10' });
    const { leftOut } = list('aws', [suitable('aws'), { tunnel: second }], {});
    expect(leftOut.match(/^VPN tunnel outside IP address in step \d: /gm)).toHaveLength(2);
  });

  it('keeps lifetimes within what AWS takes, at different times for a pair', () => {
    const { text } = list('aws', [suitable('aws'), { tunnel: secondTunnel(SUITABLE.aws[1]) }], {});
    const secondsOf = (phase: number) =>
      Array.from(text.matchAll(new RegExp(`Phase ${phase} lifetime \\(seconds\\): +(\\d+)`, 'g')), ([, seconds]) =>
        Number(seconds),
      );
    for (const [phase, longest] of [
      [1, 28_800],
      [2, 3_600],
    ] as const) {
      const seconds = secondsOf(phase);
      expect(new Set(seconds).size).toBe(2);
      for (const each of seconds) {
        expect(each).toBeGreaterThanOrEqual(900);
        expect(each).toBeLessThanOrEqual(longest);
      }
    }
  });
});

describe('Azure', () => {
  const suits = SUITABLE.azure[0];

  it.each([
    ['10.0.0.0/31', '10.0.0.1/31', 'Azure takes the lower address'],
    ['10.252.3.54/31', '10.252.3.55/31', 'Azure takes the lower address'],
    ['169.254.244.2/30', undefined, 'Azure needs a /31'],
  ])('advises against the interface address %s, with the fix %s: %s', (interface_address, fixed, _why) => {
    const advised = advice('azure', { ...suits, interface_address });
    expect(advised.map(({ fix }) => fix?.values['interface_address'])).toEqual([fixed]);
  });

  it.each([
    [{ ...suits, replay_protection: false }, { replay_protection: true }],
    [{ ...suits, health_check: { ...REPLY_TO_ENDPOINT, type: 'request' } }, { 'health_check/type': 'reply' }],
    [
      { ...suits, health_check: { ...REPLY_TO_ENDPOINT, target: undefined } },
      { 'health_check/target': '203.0.113.10' },
    ],
    [{ ...suits, customer_endpoint: undefined }, { customer_endpoint: '' }],
  ])('advises on %j', (changes, values) => {
    expect(advice('azure', changes).map(({ fix }) => fix?.values)).toEqual([values]);
  });

  it('only initiates', () => {
    expect(list('azure', [suitable('azure')], {}).text).toMatch(/Connection mode: +InitiatorOnly\n/);
  });

  it('routes both probes back through one connection of an active-active gateway', () => {
    const pair = [suitable('azure'), { tunnel: secondTunnel(SUITABLE.azure[1]) }];
    const { text } = list('azure', pair, {});
    expect(text).toMatch(/Active-active mode: +Enabled\n/);
    expect(text.match(/Connections > Add/g)).toHaveLength(1);
    expect(text).toMatch(/Address Space\(s\): +10\.0\.0\.1\/32\n +Address Space\(s\): +10\.0\.0\.3\/32\n/);
  });

  it('says that two keys cannot be on one connection', () => {
    const pair = [suitable('azure', KEYS[0]), { tunnel: secondTunnel(SUITABLE.azure[1]), psk: KEYS[1] }];
    expect(list('azure', pair, {}).leftOut).toMatch(/^The key of the second tunnel to 198\.51\.100\.1: /m);
  });

  it('has an address space on one connection alone where the Cloudflare endpoints differ', () => {
    const second = secondTunnel({ ...SUITABLE.azure[1], cloudflare_endpoint: '198.51.100.2' });
    const { text, leftOut } = list('azure', [suitable('azure'), { tunnel: second }], {});
    expect(text.match(/10\.64\.0\.0\/16/g)).toHaveLength(1);
    expect(leftOut).toMatch(/^Networks on the second connection: /m);
  });
});
