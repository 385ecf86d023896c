import { describe, expect, it } from 'vitest';
import type { TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import type { RouterSettings } from '../../src/routers/settings.ts';
import { srx } from '../../src/routers/srx.ts';
import { MD5_KEYS, PRE_SHARED_KEYS } from './hostile.ts';
import { firstTunnel, inputOf, KEYS, readable, SITUATIONS, secondTunnel, settingsFor } from './inputs.ts';

type Given = readonly TunnelForRouter[];

function configurationOf(given: Given, changes: Partial<RouterSettings> = {}) {
  return srx.configure(inputOf(readable(...given), settingsFor('srx', { uplink: 'ge-0/0/0.0', ...changes })));
}

function commandsOf(given: Given, changes: Partial<RouterSettings> = {}): string[] {
  const [file] = configurationOf(given, changes).files;
  return (file?.content ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const ONE = { tunnel: firstTunnel() };
const PAIR: Given = [ONE, { tunnel: secondTunnel() }];
const MD5_COMMAND = /^set protocols bgp group cloudflare neighbor \S+ authentication-key "(.*)"$/;

function md5KeyWritten(md5_key: string): string | undefined {
  const tunnel = firstTunnel({ bgp: { customer_asn: 65_010, md5_key } });
  return commandsOf([{ tunnel }]).flatMap((line) => MD5_COMMAND.exec(line)?.[1] ?? [])[0];
}

describe('the file', () => {
  it.each(SITUATIONS)('is the same as ever in the situation $name', async ({ name, tunnels, changes }) => {
    const [file] = configurationOf(tunnels, changes).files;
    await expect(file?.content).toMatchFileSnapshot(`golden/srx/${name}.set`);
  });

  it('has nothing but set commands and comments', () => {
    for (const command of commandsOf(PAIR)) expect(command).toMatch(/^set [a-z]/);
  });

  it('says that it was made from guides and did not run', () => {
    expect(configurationOf([ONE]).files[0]?.content).toContain('# Made from the guides of 2026-08-24, not run here\n');
  });
});

describe('the commands', () => {
  it('name what each tunnel has by the tunnel, within the 32 characters of Junos', () => {
    const tunnel = firstTunnel({ name: 'a-branch-office-with-quite-a-long-name' });
    const names = commandsOf([{ tunnel }]).flatMap((line) => /^set security ike gateway (\S+) /.exec(line)?.[1] ?? []);
    expect(new Set(names)).toEqual(new Set(['cf-a-branc-1']));
  });

  it('offer AES-GCM without a PRF of its own, which Junos would refuse', () => {
    const commands = commandsOf([ONE]).join('\n');
    expect(commands).toContain('set security ike proposal cf-branch-1a encryption-algorithm aes-256-gcm\n');
    expect(commands).not.toMatch(/prf-algorithm|authentication-algorithm/);
  });

  it('turn anti-replay off only where the tunnel is without replay protection', () => {
    const off = 'set security ipsec vpn cf-branch-1a ike no-anti-replay';
    expect(commandsOf([ONE])).toContain(off);
    expect(commandsOf([{ tunnel: firstTunnel({ replay_protection: true }) }])).not.toContain(off);
  });

  it.each([
    { changes: {}, address: '203.0.113.10', why: 'the customer endpoint is its own' },
    {
      changes: { isBehindNat: true, localAddress: '192.168.1.2' },
      address: '192.168.1.2',
      why: 'the customer endpoint is that of the NAT',
    },
    { changes: { isBehindNat: true }, address: undefined, why: 'nobody said which it has' },
  ])('have the local address $address where $why', ({ changes, address }) => {
    const found = commandsOf([ONE], changes).flatMap((line) => /gateway \S+ local-address (\S+)/.exec(line)?.[1] ?? []);
    expect(found).toEqual(address === undefined ? [] : [address]);
  });

  it('take no address of the other version for the local one', () => {
    const tunnel = firstTunnel({ cloudflare_endpoint: '2001:db8::1' });
    const commands = commandsOf([{ tunnel }]).join('\n');
    expect(commands).toContain('remote-identity inet6 2001:db8::1\n');
    expect(commands).not.toContain('gateway cf-branch-1a local-address');
  });

  it('end the lifetimes of a pair at different times', () => {
    const lifetimes = commandsOf(PAIR).flatMap(
      (line) => / ike proposal \S+ lifetime-seconds (\d+)/.exec(line)?.[1] ?? [],
    );
    expect(new Set(lifetimes).size).toBe(2);
  });

  it('keep the default route of the uplink', () => {
    expect(commandsOf([ONE], { routing: 'static', remotePrefixes: ['0.0.0.0/0'] }).slice(-2)).toEqual([
      'set routing-options static route 0.0.0.0/1 next-hop 10.0.0.0',
      'set routing-options static route 128.0.0.0/1 next-hop 10.0.0.0',
    ]);
  });

  it('lead to a BGP speaker outside the subnet of the tunnel', () => {
    const tunnel = firstTunnel({
      bgp_status: {
        state: 'BGP_UP',
        tcp_established: true,
        updated_at: '2026-11-25T10:00:00Z',
        cf_speaker_ip: '172.31.0.1',
      },
    });
    expect(commandsOf([{ tunnel }])).toEqual(
      expect.arrayContaining([
        'set protocols bgp group cloudflare neighbor 172.31.0.1 multihop ttl 2',
        'set routing-options static route 172.31.0.1/32 next-hop 10.0.0.0',
      ]),
    );
  });
});

describe('keys', () => {
  it('are a placeholder where they were not asked for', () => {
    expect(commandsOf([ONE])).toContain(
      'set security ike policy cf-branch-1a pre-shared-key ascii-text "<PRE-SHARED-KEY>"',
    );
  });

  it.each([{ key: KEYS[0], why: 'is plain' }, ...PRE_SHARED_KEYS])(
    'survive in hexadecimal where one $why',
    ({ key }) => {
      const command = commandsOf([{ ...ONE, psk: key }]).find((line) => line.includes(' pre-shared-key '));
      const digits = /^set security ike policy cf-branch-1a pre-shared-key hexadecimal ([0-9a-f]+)$/.exec(
        command ?? '',
      );
      const bytes = (digits?.[1]?.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
      expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))).toBe(key);
    },
  );

  it('of MD5 are written as they are between quotes, or left out with the reason', () => {
    for (const { key, why } of MD5_KEYS) {
      const isRefused = key.includes('\\') || key.startsWith('$9$');
      expect(md5KeyWritten(key), why).toBe(isRefused ? undefined : key);
    }
  });

  it.each([
    { key: 'a\\b', reason: 'has a backslash' },
    { key: '$9$abc', reason: 'begins as keys do that Junos has encrypted' },
    { key: 'k'.repeat(127), reason: 'is longer than the 126 characters' },
  ])('of MD5 that cannot be written are named with their reason: it $reason', ({ key, reason }) => {
    const tunnel = firstTunnel({ bgp: { customer_asn: 65_010, md5_key: key } });
    expect(configurationOf([{ tunnel }]).leftOut.join('\n')).toContain(`The MD5 key of branch-1a: it ${reason}`);
    const [advisory] = readable({ tunnel }).flatMap((read) => srx.adviseOn(read, settingsFor('srx')));
    expect(advisory?.message).toContain(reason);
    expect(advisory?.fix).toEqual({ label: 'Enter another', values: { 'bgp/md5_key': '' } });
  });
});

describe('what is left out', () => {
  it('is what only a person can decide', () => {
    const leftOut = configurationOf([ONE]).leftOut.join('\n');
    expect(leftOut).toContain('Security policies between the zone cloudflare');
    expect(leftOut).toContain('IKE on ge-0/0/0.0');
  });

  it('is the external interface where there is no uplink', () => {
    const settings = { ...settingsFor('srx'), uplink: undefined };
    const { files, leftOut } = srx.configure(inputOf(readable(ONE), settings));
    expect(files[0]?.content).not.toContain('external-interface');
    expect(leftOut).toContain('The external interface of the IKE gateways: no uplink was given.');
  });

  it('is BGP of a tunnel that has none', () => {
    const given: Given = [ONE, { tunnel: secondTunnel({ bgp: undefined }) }];
    expect(configurationOf(given).leftOut).toContain('BGP over branch-1b: the tunnel has none.');
    expect(commandsOf(given).filter((line) => line.includes(' neighbor 10.0.0.2'))).toEqual([]);
  });
});

describe('advice', () => {
  it('is none for a tunnel as the guide has it', () => {
    expect(readable(ONE).flatMap((tunnel) => srx.adviseOn(tunnel, settingsFor('srx')))).toEqual([]);
  });

  it('is to change what the guide has otherwise', () => {
    const tunnel = firstTunnel({
      bgp: undefined,
      replay_protection: true,
      health_check: { enabled: true, type: 'reply', direction: 'bidirectional' },
    });
    const advice = readable({ tunnel }).flatMap((read) => srx.adviseOn(read, settingsFor('srx')));
    expect(advice.map(({ fix }) => fix?.values)).toEqual([
      { 'health_check/type': 'request' },
      { replay_protection: false },
      { bgpEnabled: true },
    ]);
  });
});

describe('an uplink', () => {
  it.each(['ge-0/0/0.0', 'xe-0/0/1.100', 'reth0.0', 'ae1.20', 'pp0.0', 'irb.10', 'et-0/0/1:2.0'])(
    'can be %s',
    (name) => {
      expect(name).toMatch(srx.uplinkPattern ?? /^$/);
    },
  );

  it.each(['ge-0/0/0', 'eth0', 'ge-0/0/0.0.0'])('cannot be %s', (name) => {
    expect(name).not.toMatch(srx.uplinkPattern ?? /./);
  });
});
