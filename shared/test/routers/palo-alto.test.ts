import { describe, expect, it } from 'vitest';
import { paloAlto } from '../../src/routers/palo-alto.ts';
import type { TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import type { RouterSettings } from '../../src/routers/settings.ts';
import { MD5_KEYS, PRE_SHARED_KEYS } from './hostile.ts';
import { firstTunnel, inputOf, KEYS, readable, SITUATIONS, secondTunnel, settingsFor } from './inputs.ts';

type Given = readonly TunnelForRouter[];

function configurationOf(given: Given, changes: Partial<RouterSettings> = {}) {
  const settings = settingsFor('palo-alto', { uplink: 'ethernet1/1', ...changes });
  return paloAlto.configure(inputOf(readable(...given), settings));
}

function commandsOf(given: Given, changes: Partial<RouterSettings> = {}): string[] {
  const [file] = configurationOf(given, changes).files;
  return (file?.content ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function matchesOf(commands: readonly string[], pattern: RegExp): string[] {
  return commands.flatMap((line) => pattern.exec(line)?.[1] ?? []);
}

const ONE = { tunnel: firstTunnel() };
const PAIR: Given = [ONE, { tunnel: secondTunnel() }];
const KEY_COMMAND = /^set network ike gateway cf-branch-1a authentication pre-shared-key key "(.*)"$/;
const MD5_COMMAND = /^set network virtual-router default protocol bgp auth-profile cf-branch-1a secret "(.*)"$/;
const WRITABLE_PATTERN = /^[a-z0-9_.!+/=][a-z0-9_.!+/=-]*$/i;

describe('the file', () => {
  it.each(SITUATIONS)('is the same as ever in the situation $name', async ({ name, tunnels, changes }) => {
    const [file] = configurationOf(tunnels, changes).files;
    await expect(file?.content).toMatchFileSnapshot(`golden/palo-alto/${name}.txt`);
  });

  it('has nothing but set commands and comments', () => {
    for (const command of commandsOf(PAIR)) expect(command).toMatch(/^set [a-z]/);
  });

  it('says that it was made from guides and did not run', () => {
    expect(configurationOf([ONE]).files[0]?.content).toContain('# Made from the guides of 2026-08-24, not run here\n');
  });
});

describe('the commands', () => {
  it('name what each tunnel has by the tunnel, within the 31 characters of PAN-OS', () => {
    const tunnel = firstTunnel({ name: 'a-branch-office-with-quite-a-long-name' });
    const names = new Set(matchesOf(commandsOf([{ tunnel }]), /^set network ike gateway (\S+) /));
    expect(names.size).toBe(1);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(31);
  });

  it('offer AES-GCM in IKE with the hash non-auth, which PAN-OS asks for', () => {
    const commands = commandsOf([ONE]);
    expect(matchesOf(commands, /ike-crypto-profiles \S+ (hash|encryption) (?:non-auth|aes-256-gcm)$/)).toEqual([
      'hash',
      'encryption',
    ]);
  });

  it.each([
    { replay_protection: false, word: 'no', why: 'Cloudflare sends from many servers' },
    { replay_protection: true, word: 'yes', why: 'Cloudflare sends from one server' },
  ])('have anti-replay $word where $why', ({ replay_protection, word }) => {
    expect(commandsOf([{ tunnel: firstTunnel({ replay_protection }) }])).toContain(
      `set network tunnel ipsec cf-branch-1a anti-replay ${word}`,
    );
  });

  it('have NAT traversal where the firewall is behind NAT', () => {
    const nat = (word: string) => `set network ike gateway cf-branch-1a protocol-common nat-traversal enable ${word}`;
    expect(commandsOf([ONE])).toContain(nat('no'));
    expect(commandsOf([ONE], { isBehindNat: true })).toContain(nat('yes'));
  });

  it('end the lifetimes of a pair at different times, in minutes because seconds end before a day does', () => {
    const lifetimes = matchesOf(commandsOf(PAIR), / ike-crypto-profiles \S+ lifetime minutes (\d+)$/);
    expect(new Set(lifetimes).size).toBe(2);
    expect(lifetimes).toContain('1440');
  });

  it('prefer the first of a pair by its metric, and leave it when pings through it fail', () => {
    const commands = commandsOf(PAIR, { routing: 'static', remotePrefixes: ['10.64.0.0/16'] });
    expect(matchesOf(commands, / static-route \S+ metric (\d+)$/)).toEqual(['10', '20']);
    expect(matchesOf(commands, / static-route \S+ path-monitor (enable) yes$/)).toHaveLength(2);
  });

  it('keep the default route of the uplink', () => {
    const commands = commandsOf([ONE], { routing: 'static', remotePrefixes: ['0.0.0.0/0'] });
    expect(matchesOf(commands, / static-route \S+ destination (\S+)$/)).toEqual(['0.0.0.0/1', '128.0.0.0/1']);
  });

  it.each([
    { customer_asn: 65_535, expected: 0, why: 'fits into two bytes' },
    { customer_asn: 65_536, expected: 1, why: 'does not fit into two bytes' },
  ])('ask for long AS numbers only where one $why', ({ customer_asn, expected }) => {
    const commands = commandsOf([{ tunnel: firstTunnel({ bgp: { customer_asn } }) }]);
    expect(commands.filter((line) => line.endsWith(' routing-options as-format 4-byte'))).toHaveLength(expected);
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
    const commands = commandsOf([{ tunnel }]);
    expect(matchesOf(commands, / peer cf-branch-1a peer-address ip (\S+)$/)).toEqual(['172.31.0.1']);
    expect(matchesOf(commands, / static-route \S+-bgp destination (\S+)$/)).toEqual(['172.31.0.1/32']);
  });
});

describe('keys', () => {
  it('are a placeholder where they were not asked for', () => {
    expect(matchesOf(commandsOf([ONE]), KEY_COMMAND)).toEqual(['<PRE-SHARED-KEY>']);
  });

  it('of the kind that Cloudflare generates are written as they are', () => {
    for (const key of KEYS) expect(matchesOf(commandsOf([{ ...ONE, psk: key }]), KEY_COMMAND)).toEqual([key]);
  });

  it.each(PRE_SHARED_KEYS)('are written as they are, or left out with the reason, where one $why', ({ key }) => {
    const given = [{ ...ONE, psk: key }];
    const isWritten = WRITABLE_PATTERN.test(key);
    expect(matchesOf(commandsOf(given), KEY_COMMAND)).toEqual(isWritten ? [key] : []);
    expect(configurationOf(given).leftOut.join('\n').includes('The pre-shared key of branch-1a: it ')).toBe(!isWritten);
    const advice = readable(...given).flatMap((tunnel) => paloAlto.adviseOn(tunnel, settingsFor('palo-alto')));
    expect(advice).toHaveLength(isWritten ? 0 : 1);
  });

  it('of MD5 are written as they are, or left out', () => {
    for (const { key, why } of MD5_KEYS) {
      const tunnel = firstTunnel({ bgp: { customer_asn: 65_010, md5_key: key } });
      const isWritten = WRITABLE_PATTERN.test(key) && key.length <= 63;
      expect(matchesOf(commandsOf([{ tunnel }]), MD5_COMMAND), why).toEqual(isWritten ? [key] : []);
    }
  });

  it('of MD5 that are left out are named, with the profile that waits for them', () => {
    const tunnel = firstTunnel({ bgp: { customer_asn: 65_010, md5_key: 'a#b' } });
    const { leftOut } = configurationOf([{ tunnel }]);
    expect(leftOut.join('\n')).toContain('The MD5 key of branch-1a: it has other characters');
    expect(leftOut.join('\n')).toContain('The auth profile cf-branch-1a of BGP: enter it with the MD5 key');
    expect(commandsOf([{ tunnel }]).join('\n')).toContain(' connection-options authentication cf-branch-1a\n');
    const [advisory] = readable({ tunnel }).flatMap((read) => paloAlto.adviseOn(read, settingsFor('palo-alto')));
    expect(advisory?.fix).toEqual({ label: 'Enter another', values: { 'bgp/md5_key': '' } });
  });
});

describe('what is left out', () => {
  it('is what only a person can decide', () => {
    const leftOut = configurationOf([ONE]).leftOut.join('\n');
    expect(leftOut).toContain('Security policies between the zone cloudflare');
    expect(leftOut).toContain('Advanced Routing');
  });

  it('is BGP of a tunnel with another ASN, of which a virtual router has one', () => {
    const given: Given = [ONE, { tunnel: secondTunnel({ bgp: { customer_asn: 65_011 } }) }];
    expect(configurationOf(given).leftOut.join('\n')).toContain('BGP over branch-1b: its customer ASN is 65011');
    expect(commandsOf(given).filter((line) => line.includes(' peer cf-branch-1b '))).toEqual([]);
  });
});

describe('advice', () => {
  it('is none for a tunnel as the guide has it', () => {
    expect(readable(ONE).flatMap((tunnel) => paloAlto.adviseOn(tunnel, settingsFor('palo-alto')))).toEqual([]);
  });

  it('is to change what the guide has otherwise', () => {
    const tunnel = firstTunnel({
      bgp: undefined,
      replay_protection: true,
      health_check: { enabled: true, type: 'reply', direction: 'bidirectional' },
    });
    const advice = readable({ tunnel }).flatMap((read) => paloAlto.adviseOn(read, settingsFor('palo-alto')));
    expect(advice.map(({ fix }) => fix?.values)).toEqual([
      { 'health_check/type': 'request' },
      { replay_protection: false },
      { bgpEnabled: true },
    ]);
  });
});

describe('an uplink', () => {
  it.each(['ethernet1/1', 'ethernet1/12.100', 'ae1', 'ae1.20', 'vlan.10', 'loopback.1'])('can be %s', (name) => {
    expect(name).toMatch(paloAlto.uplinkPattern ?? /^$/);
  });

  it.each(['eth0', 'ethernet1', 'vlan', 'tunnel.1'])('cannot be %s', (name) => {
    expect(name).not.toMatch(paloAlto.uplinkPattern ?? /./);
  });
});
