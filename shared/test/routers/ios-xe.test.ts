import { describe, expect, it } from 'vitest';
import { iosXe } from '../../src/routers/ios-xe.ts';
import type { TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import type { RouterSettings } from '../../src/routers/settings.ts';
import { MD5_KEYS, PRE_SHARED_KEYS } from './hostile.ts';
import { firstTunnel, inputOf, KEYS, readable, SITUATIONS, secondTunnel, settingsFor } from './inputs.ts';

type Given = readonly TunnelForRouter[];

function configurationOf(given: Given, changes: Partial<RouterSettings> = {}) {
  return iosXe.configure(
    inputOf(readable(...given), settingsFor('ios-xe', { uplink: 'GigabitEthernet1', ...changes })),
  );
}

function commandsOf(given: Given, changes: Partial<RouterSettings> = {}): string[] {
  const [file] = configurationOf(given, changes).files;
  return (file?.content ?? '').split('\n').filter((line) => line !== '' && !line.trimStart().startsWith('!'));
}

/** The commands in the mode that a line such as `router bgp 65010` enters. */
function commandsIn(mode: string, given: Given, changes: Partial<RouterSettings> = {}): string[] {
  const commands = commandsOf(given, changes);
  const start = commands.indexOf(mode) + 1;
  const length = commands.slice(start).findIndex((line) => !line.startsWith(' '));
  return start === 0 ? [] : commands.slice(start, length === -1 ? undefined : start + length);
}

const ONE = { tunnel: firstTunnel() };
const PAIR: Given = [ONE, { tunnel: secondTunnel() }];

function withMd5Key(md5_key: string): Given {
  return [{ tunnel: firstTunnel({ bgp: { customer_asn: 65_010, md5_key } }) }];
}

function keyWritten(psk: string): string {
  const keys = commandsOf([{ ...ONE, psk }]).flatMap((line) => /^ {2}pre-shared-key (.*)$/.exec(line)?.[1] ?? []);
  expect(keys).toHaveLength(1);
  return keys[0] ?? '';
}

describe('the file', () => {
  it.each(SITUATIONS)('is the same as ever in the situation $name', async ({ name, tunnels, changes }) => {
    const { files, leftOut } = configurationOf(tunnels, changes);
    const text = `${files[0]?.content}\nLeft out:\n${leftOut.join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(`golden/ios-xe/${name}.txt`);
  });

  it('says that it was made from guides and did not run', () => {
    expect(configurationOf([ONE]).files[0]?.content).toContain('! Made from the guides of 2026-08-24, not run here\n');
  });
});

describe('the commands', () => {
  it.each([
    {
      proposals: 'strongest' as const,
      ike: [' encryption aes-gcm-256', ' prf sha384', ' group 20'],
      esp: 'esp-gcm 256',
    },
    {
      proposals: 'compatible' as const,
      ike: [' encryption aes-cbc-256', ' integrity sha256', ' group 20'],
      esp: 'esp-aes 256 esp-sha256-hmac',
    },
  ])('offer one complete proposal, the $proposals one', ({ proposals, ike, esp }) => {
    expect(commandsIn('crypto ikev2 proposal CLOUDFLARE', [ONE], { proposals })).toEqual(ike);
    expect(commandsIn(`crypto ipsec transform-set CLOUDFLARE ${esp}`, [ONE], { proposals })).toEqual([' mode tunnel']);
    expect(commandsIn('crypto ipsec profile cf-branch-1a', [ONE], { proposals })).toContain(' set pfs group20');
  });

  it('identify the router by its FQDN and Cloudflare by its endpoint', () => {
    expect(commandsIn('crypto ikev2 profile cf-branch-1a', [ONE]).slice(0, 2)).toEqual([
      ' match identity remote address 198.51.100.1 255.255.255.255',
      ' identity local fqdn 0123456789abcdef0123456789abcde1.0123456789abcdef0123456789abcdef.ipsec.cloudflare.com',
    ]);
  });

  it('end the lifetimes of a pair at different times', () => {
    const lifetimes = commandsOf(PAIR).flatMap((line) => / lifetime (?:seconds )?(\d+)$/.exec(line)?.[1] ?? []);
    expect(lifetimes).toEqual(['86400', '79200', '28800', '25200']);
  });

  it('turn anti-replay off only where the tunnel is without replay protection', () => {
    const replay = (replay_protection: boolean) =>
      commandsOf([{ tunnel: firstTunnel({ replay_protection }) }]).filter((line) => line.includes(' replay '));
    expect(replay(false)).toEqual([' set security-association replay disable']);
    expect(replay(true)).toEqual([' set security-association replay window-size 64']);
  });

  it('have an interface for each tunnel, with the netmask of its subnet', () => {
    expect(commandsIn('interface Tunnel1', PAIR)).toContain(' ip address 10.0.0.1 255.255.255.254');
    expect(commandsIn('interface Tunnel2', PAIR)).toContain(' ip address 10.0.0.3 255.255.255.254');
    expect(commandsIn('interface Tunnel1', PAIR)).toContain(' tunnel source GigabitEthernet1');
  });

  it('leave out the source of the tunnels where no uplink is named, and say so', () => {
    const changes = { uplink: undefined };
    expect(commandsOf([ONE], changes).join('\n')).not.toContain('tunnel source');
    expect(configurationOf([ONE], changes).leftOut).toEqual(['The source of the tunnels: no uplink was named.']);
  });

  it.each([
    { cloudflare_endpoint: '2001:db8::2', reason: 'its Cloudflare endpoint is an IPv6 address' },
    { cloudflare_endpoint: '198.51.100.1', reason: 'another one goes to the same Cloudflare endpoint' },
  ])('leave out a tunnel to $cloudflare_endpoint, and say why', ({ cloudflare_endpoint, reason }) => {
    const { files, leftOut } = configurationOf([ONE, { tunnel: secondTunnel({ cloudflare_endpoint }) }]);
    expect(files[0]?.content).toContain('Tunnel1');
    expect(files[0]?.content).not.toContain('Tunnel2');
    expect(leftOut.join()).toContain(`Tunnel branch-1b: ${reason}`);
  });

  it('reach a BGP speaker that is not at the end of the tunnel', () => {
    const tunnel = firstTunnel({ bgp_status: { cf_speaker_ip: '172.31.0.1', state: 'BGP_UP' } });
    const commands = commandsOf([{ tunnel }]);
    expect(commands).toContain(' neighbor 172.31.0.1 ebgp-multihop 2');
    expect(commands).toContain('ip route 172.31.0.1 255.255.255.255 Tunnel1');
    expect(commandsOf([ONE]).join('\n')).not.toContain('ebgp-multihop');
  });

  it('share traffic out over the tunnels of a pair', () => {
    expect(commandsIn('router bgp 65010', PAIR)).toContain('  maximum-paths 2');
    expect(commandsIn('router bgp 65010', [ONE]).join('\n')).not.toContain('maximum-paths');
    expect(commandsOf(PAIR, { routing: 'static' }).filter((line) => line.startsWith('ip route '))).toEqual([
      'ip route 10.64.0.0 255.255.0.0 Tunnel1',
      'ip route 10.64.0.0 255.255.0.0 Tunnel2',
      'ip route 172.16.0.0 255.240.0.0 Tunnel1',
      'ip route 172.16.0.0 255.240.0.0 Tunnel2',
    ]);
  });

  it('announce the networks behind the router alone', () => {
    const list = (lanPrefixes: string[]) =>
      commandsOf([ONE], { lanPrefixes }).filter((line) => line.startsWith('ip prefix-list '));
    expect(list(['192.168.50.0/24'])).toEqual(['ip prefix-list CLOUDFLARE-OUT seq 5 permit 192.168.50.0/24']);
    expect(list([])).toEqual(['ip prefix-list CLOUDFLARE-OUT seq 5 deny 0.0.0.0/0 le 32']);
  });
});

describe('pre-shared keys', () => {
  it('are written as they are where Cloudflare generated them', () => {
    for (const key of KEYS) expect(keyWritten(key)).toBe(key);
  });

  it.each(PRE_SHARED_KEYS)('are written as their bytes where one $why', ({ key }) => {
    const written = keyWritten(key);
    if (written === key) expect(written).toMatch(/^[A-Za-z0-9_-]{8,}$/);
    else expect(Buffer.from(/^hex ([0-9a-f]+)$/.exec(written)?.[1] ?? '', 'hex').toString()).toBe(key.toWellFormed());
  });

  it.each(['hex', 'remote', 'local', 'l', '0', '6'])('are no word of the command: %s', (key) => {
    expect(keyWritten(key)).toMatch(/^hex [0-9a-f]+$/);
  });
});

describe('MD5 keys', () => {
  it.each([
    { key: '0 key', why: 'is read as a kind of key and a key' },
    { key: '9key', why: 'begins with a digit' },
    { key: 'two words', why: 'has a blank' },
    { key: 'k'.repeat(26), why: 'is too long where passwords are encrypted' },
  ])('are left out and named where one $why', ({ key }) => {
    expect(commandsOf(withMd5Key(key)).join('\n')).not.toContain(' password ');
    expect(configurationOf(withMd5Key(key)).leftOut.join()).toMatch(/^The MD5 key of branch-1a: /);
  });

  it('are the rest of their line where they are written', () => {
    for (const { key, why } of MD5_KEYS) {
      const written = commandsOf(withMd5Key(key)).flatMap(
        (line) => /^ neighbor \S+ password (.*)$/.exec(line)?.[1] ?? [],
      );
      const isTaken = /^[^0-9 ][^ ]{0,24}$/.test(key);
      expect(written, why).toEqual(isTaken ? [key] : []);
    }
  });
});

describe('a default route', () => {
  it('goes into the tunnel as its two halves, beside that of the uplink', () => {
    const commands = commandsOf([ONE], { routing: 'static', remotePrefixes: ['0.0.0.0/0'] });
    expect(commands).toEqual(
      expect.arrayContaining(['0.0.0.0', '128.0.0.0'].map((network) => `ip route ${network} 128.0.0.0 Tunnel1`)),
    );
    expect(commands.join('\n')).not.toMatch(/ 0\.0\.0\.0(?:\/0| 0\.0\.0\.0) (?:interface|Tunnel|$)/m);
  });
});

describe('what is left out', () => {
  it('names static routes where no networks behind Cloudflare are named', () => {
    const { leftOut } = configurationOf([ONE], { routing: 'static', remotePrefixes: [] });
    expect(leftOut).toEqual(['Static routes: no networks behind Cloudflare were named.']);
  });

  it.each([
    { network: '0.0.0.0/0', tunnels: ['198.51.100.1', '198.51.100.2'] },
    { network: '198.51.100.0/31', tunnels: ['198.51.100.1'] },
  ])('names the routes that keep the tunnels out of $network', ({ network, tunnels }) => {
    const { leftOut } = configurationOf(PAIR, { routing: 'static', remotePrefixes: [network] });
    expect(leftOut.map((sentence) => sentence.split(' ')[3])).toEqual(tunnels);
  });

  it('is nothing for a pair with BGP', () => {
    expect(configurationOf(PAIR).leftOut).toEqual([]);
  });
});

describe('the advice', () => {
  it.each([
    { tunnel: firstTunnel({ replay_protection: true }), values: { replay_protection: false } },
    {
      tunnel: firstTunnel({ health_check: { enabled: true, type: 'reply', direction: 'bidirectional' } }),
      values: { 'health_check/type': 'request' },
    },
    { tunnel: firstTunnel({ bgp: undefined }), values: { bgpEnabled: true } },
    { tunnel: firstTunnel({ bgp: { customer_asn: 65_010, md5_key: '9key' } }), values: { 'bgp/md5_key': '' } },
  ])('puts $values', ({ tunnel, values }) => {
    const advice = readable({ tunnel }).flatMap((read) => iosXe.adviseOn(read, settingsFor('ios-xe')));
    expect(advice.map(({ fix }) => fix?.values)).toEqual([values]);
  });

  it('is silent about a tunnel that suits', () => {
    expect(readable(...PAIR).flatMap((read) => iosXe.adviseOn(read, settingsFor('ios-xe')))).toEqual([]);
  });
});
