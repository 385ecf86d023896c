import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { linux } from '../../src/routers/linux.ts';
import type { TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import type { RouterSettings } from '../../src/routers/settings.ts';
import { MD5_KEYS, PRE_SHARED_KEYS } from './hostile.ts';
import { firstTunnel, inputOf, KEYS, readable, SITUATIONS, secondTunnel, settingsFor } from './inputs.ts';

type Given = readonly TunnelForRouter[];

function configurationOf(given: Given, changes: Partial<RouterSettings> = {}) {
  return linux.configure(inputOf(readable(...given), settingsFor('linux', changes)));
}

function fileOf(name: string, given: Given, changes: Partial<RouterSettings> = {}): string {
  return configurationOf(given, changes).files.find((file) => file.name === name)?.content ?? '';
}

function adviceFor(tunnel: TunnelForRouter['tunnel'], changes: Partial<RouterSettings> = {}) {
  return readable({ tunnel }).flatMap((read) => linux.adviseOn(read, settingsFor('linux', changes)));
}

const ONE: Given = [{ tunnel: firstTunnel() }];
const PAIR: Given = [...ONE, { tunnel: secondTunnel() }];
const REPLY = { health_check: { enabled: true, type: 'reply' } };
const STATIC = { routing: 'static' } as const;

describe.each(SITUATIONS)('in the situation $name', ({ name, tunnels, changes }) => {
  const { files } = configurationOf(tunnels, changes);

  it('every file is the same as ever', async () => {
    for (const file of files) await expect(file.content).toMatchFileSnapshot(`golden/linux/${name}/${file.name}`);
  });

  it('every script is one that a shell can read', () => {
    const scripts = files.filter(({ language }) => language === 'shell');
    expect(scripts.map((file) => file.name)).toEqual(['apply.sh', 'check.sh', 'interfaces.sh']);
    for (const { content } of scripts) execFileSync('sh', ['-n'], { input: content });
  });

  it('the script that applies them puts every file in its place', () => {
    const script = files.find((file) => file.name === 'apply.sh')?.content ?? '';
    for (const file of files)
      if (!/^(?:apply\.sh|frr\.conf)$/.test(file.name)) expect(script).toContain(`"$1" ${file.name} `);
    expect(script.includes('frr -f frr.conf')).toBe(files.some((file) => file.name === 'frr.conf'));
  });
});

describe('a pre-shared key', () => {
  it.each(PRE_SHARED_KEYS)('that $why is its bytes in base64', ({ key }) => {
    const [, written = ''] =
      / secret = 0s(\S+)\n/.exec(fileOf('swanctl.conf', [{ tunnel: firstTunnel(), psk: key }])) ?? [];
    expect(Buffer.from(written, 'base64').toString('utf8')).toBe(key);
  });

  it('that is not in the input has no secret and no placeholder, and the script asks for it', () => {
    expect(fileOf('swanctl.conf', ONE)).not.toMatch(/secret|PRE-SHARED/);
    expect(fileOf('apply.sh', ONE)).toContain('read -r key');
  });

  it('that is in the input is not asked for', () => {
    const given = PAIR.map((tunnel, index) => ({ ...tunnel, psk: KEYS[index] }));
    expect(fileOf('apply.sh', given)).not.toContain('read -r key');
  });
});

describe('BGP', () => {
  it.each(MD5_KEYS)('has an MD5 key that $why as it is, or says that it has not', ({ key }) => {
    const given = [{ tunnel: firstTunnel({ bgp: { customer_asn: 65_010, md5_key: key } }) }];
    const canHave = !key.includes(' ') && key.length <= 80;
    const lines = fileOf('frr.conf', given).split('\n');
    expect(lines.filter((line) => line.includes(' password '))).toEqual(
      canHave ? [` neighbor 10.0.0.0 password ${key}`] : [],
    );
    expect(configurationOf(given).leftOut).toHaveLength(canHave ? 0 : 1);
    expect(adviceFor(given[0]?.tunnel ?? firstTunnel())).toHaveLength(canHave ? 0 : 1);
  });

  it('of a tunnel with another customer ASN is left out', () => {
    const other = { tunnel: secondTunnel({ bgp: { customer_asn: 65_020 } }) };
    expect(fileOf('frr.conf', [...ONE, other])).not.toContain('neighbor 10.0.0.2 ');
    expect(configurationOf([...ONE, other]).leftOut).toEqual([expect.stringContaining('65020')]);
  });

  it('reaches a speaker beyond the end of the tunnel by a route and two hops', () => {
    const given = [{ tunnel: firstTunnel({ bgp_status: { state: 'BGP_UP', cf_speaker_ip: '172.64.0.9' } }) }];
    expect(fileOf('frr.conf', given)).toContain(' neighbor 172.64.0.9 ebgp-multihop 2\n');
    expect(fileOf('interfaces.sh', given)).toContain('ip route replace 172.64.0.9/32 proto static via 10.0.0.0 dev ');
  });

  it('that was chosen for a tunnel without it is advised to be turned on', () => {
    expect(adviceFor(firstTunnel({ bgp: undefined })).map(({ fix }) => fix?.values)).toEqual([{ bgpEnabled: true }]);
    expect(adviceFor(firstTunnel({ bgp: undefined }), STATIC)).toEqual([]);
  });
});

describe('static routes', () => {
  it('share the traffic of a pair, and say that they do not fail over', () => {
    expect(fileOf('interfaces.sh', PAIR, STATIC)).toContain(
      'ip route replace 10.64.0.0/16 proto static nexthop via 10.0.0.0 dev cf-branch-1a nexthop via 10.0.0.2 dev cf-branch-1b\n',
    );
    expect(configurationOf(PAIR, STATIC).leftOut).toEqual([expect.stringMatching(/^Fail-over/)]);
  });

  it('for everything leave the default route alone, and the way to Cloudflare outside the tunnel', () => {
    const script = fileOf('interfaces.sh', ONE, { ...STATIC, remotePrefixes: ['0.0.0.0/0'] });
    expect(script).toContain('ip route replace 0.0.0.0/1 ');
    expect(script).toContain('ip route replace 128.0.0.0/1 ');
    expect(script).not.toContain('0.0.0.0/0');
    expect(script).toContain('\npin 198.51.100.1\n');
  });

  it('that do not cover the endpoint pin nothing', () => {
    expect(fileOf('interfaces.sh', ONE, STATIC)).not.toContain('pin ');
  });
});

describe('a health check of type reply', () => {
  it('is let in on its own interface, and advised against', () => {
    const given = [{ tunnel: firstTunnel(REPLY) }];
    expect(fileOf('sysctl.conf', given)).toContain('net.ipv4.conf.cf-branch-1a.accept_local = 1\n');
    expect(adviceFor(firstTunnel(REPLY)).map(({ fix }) => fix?.values)).toEqual([{ 'health_check/type': 'request' }]);
  });

  it('is let in nowhere where there is none', () => {
    expect(fileOf('sysctl.conf', ONE)).not.toContain('accept_local');
  });
});

describe('replay protection', () => {
  it('is off on the router unless Cloudflare has it on, and then advised against', () => {
    const on = firstTunnel({ replay_protection: true });
    expect(fileOf('swanctl.conf', ONE)).toContain(' replay_window = 0\n');
    expect(fileOf('swanctl.conf', [{ tunnel: on }])).toContain(' replay_window = 32\n');
    expect(adviceFor(on).map(({ fix }) => fix?.values)).toEqual([{ replay_protection: false }]);
  });
});

describe('a router behind NAT', () => {
  it('takes any address of its own, and one with the customer endpoint takes that', () => {
    expect(fileOf('swanctl.conf', ONE, { isBehindNat: true })).toContain(' local_addrs = %any\n');
    expect(fileOf('swanctl.conf', ONE)).toContain(' local_addrs = 203.0.113.10\n');
  });
});
