import { describe, expect, it } from 'vitest';
import { fortigate } from '../../src/routers/fortigate.ts';
import type { TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import type { RouterSettings } from '../../src/routers/settings.ts';
import { MD5_KEYS, PRE_SHARED_KEYS } from './hostile.ts';
import { firstTunnel, inputOf, KEYS, readable, SITUATIONS, secondTunnel, settingsFor } from './inputs.ts';

type Given = readonly TunnelForRouter[];

function configurationOf(given: Given, changes: Partial<RouterSettings> = {}) {
  return fortigate.configure(inputOf(readable(...given), settingsFor('fortigate', { uplink: 'wan1', ...changes })));
}

function commandsOf(given: Given, changes: Partial<RouterSettings> = {}): string[] {
  const [file] = configurationOf(given, changes).files;
  const lines = (file?.content ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** Where each command stands, such as `config router bgp / config neighbor / edit "10.0.0.0" / set remote-as 13335`. */
function pathsOf(given: Given, changes: Partial<RouterSettings> = {}): string[] {
  const stack: string[] = [];
  return commandsOf(given, changes).flatMap((command) => {
    if (/^(?:config|edit) /.test(command)) stack.push(command);
    else if (command === 'end' || command === 'next')
      expect(stack.pop()).toMatch(command === 'end' ? /^config / : /^edit /);
    else return [[...stack, command].join(' / ')];
    return [];
  });
}

/** The values of a `set` command as FortiOS reads them: in quotation marks, a backslash before what means itself. */
function valueRead(command: string): string {
  const word = /^set \S+ "((?:[^"\\]|\\.)*)"$/.exec(command)?.[1];
  return word === undefined ? command.replace(/^set \S+ /, '') : word.replace(/\\(.)/g, '$1');
}

const ONE = { tunnel: firstTunnel() };
const PAIR: Given = [ONE, { tunnel: secondTunnel() }];
const NAME = '"cf-branch-1a"';

function withMd5Key(md5_key: string): Given {
  return [{ tunnel: firstTunnel({ bgp: { customer_asn: 65_010, md5_key } }) }];
}

function keyWritten(psk: string): string | undefined {
  return commandsOf([{ ...ONE, psk }]).find((command) => command.startsWith('set psksecret '));
}

describe('the file', () => {
  it.each(SITUATIONS)('is the same as ever in the situation $name', async ({ name, tunnels, changes }) => {
    const { files, leftOut } = configurationOf(tunnels, changes);
    const text = `${files[0]?.content}\nLeft out:\n${leftOut.join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(`golden/fortigate/${name}.conf`);
  });

  it('closes every block that it opens', () => {
    for (const { tunnels, changes } of SITUATIONS) {
      const commands = commandsOf(tunnels, changes);
      const count = (pattern: RegExp) => commands.filter((command) => pattern.test(command)).length;
      expect(count(/^config /)).toBe(count(/^end$/));
      expect(count(/^edit /)).toBe(count(/^next$/));
    }
  });

  it('says that it was made from guides and did not run', () => {
    expect(configurationOf([ONE]).files[0]?.content).toContain('# Made from the guides of 2026-08-24, not run here\n');
  });
});

describe('the commands', () => {
  it.each([
    { proposals: 'strongest' as const, ike: 'aes256gcm-prfsha384', esp: 'aes256gcm' },
    { proposals: 'compatible' as const, ike: 'aes256-sha256', esp: 'aes256-sha256' },
  ])('offer one proposal with group 20, the $proposals one', ({ proposals, ike, esp }) => {
    const paths = pathsOf([ONE], { proposals });
    expect(paths).toContain(`config vpn ipsec phase1-interface / edit ${NAME} / set proposal ${ike}`);
    expect(paths).toContain(`config vpn ipsec phase1-interface / edit ${NAME} / set dhgrp 20`);
    expect(paths).toContain(`config vpn ipsec phase2-interface / edit ${NAME} / set proposal ${esp}`);
    expect(paths).toContain(`config vpn ipsec phase2-interface / edit ${NAME} / set dhgrp 20`);
  });

  it('name what a tunnel has within the 15 characters of FortiOS', () => {
    const tunnel = firstTunnel({ name: 'a-branch-office-with-quite-a-long-name' });
    const names = pathsOf([{ tunnel }]).flatMap((path) => /phase1-interface \/ edit "([^"]+)"/.exec(path)?.[1] ?? []);
    expect(new Set(names)).toEqual(new Set(['cf-a-branc-1']));
  });

  it('end the lifetimes of a pair at different times', () => {
    const lifetimes = commandsOf(PAIR).flatMap((command) => /^set keylife\w* (\d+)$/.exec(command)?.[1] ?? []);
    expect(lifetimes).toEqual(['86400', '79200', '28800', '25200']);
  });

  it('turn anti-replay off only where the tunnel is without replay protection', () => {
    const replay = (replay_protection: boolean) =>
      commandsOf([{ tunnel: firstTunnel({ replay_protection }) }]).filter((line) => line.startsWith('set replay '));
    expect(replay(false)).toEqual(['set replay disable']);
    expect(replay(true)).toEqual(['set replay enable']);
  });

  it('put both ends of the tunnel on its interface, with the netmask of its subnet', () => {
    const paths = pathsOf([{ tunnel: firstTunnel({ interface_address: '10.0.0.5/30' }) }]);
    expect(paths).toContain(`config system interface / edit ${NAME} / set ip 10.0.0.6 255.255.255.255`);
    expect(paths).toContain(`config system interface / edit ${NAME} / set remote-ip 10.0.0.5 255.255.255.252`);
  });

  it('let traffic through between the networks behind the router and both tunnels', () => {
    const policies = pathsOf(PAIR).filter((path) => path.startsWith('config firewall policy'));
    const field = (name: string) => policies.flatMap((path) => path.split(` / set ${name} `)[1] ?? []);
    const lan = '"cf-lan-192.168.50.0_24"';
    expect(field('srcintf')).toEqual(['"any"', '"cf-branch-1a" "cf-branch-1b"']);
    expect(field('dstintf')).toEqual(['"cf-branch-1a" "cf-branch-1b"', '"any"']);
    expect(field('srcaddr')).toEqual([lan, '"all"']);
    expect(field('dstaddr')).toEqual(['"all"', lan]);
  });

  it('have no policy where no network behind the router is named, and say so', () => {
    expect(commandsOf([ONE], { lanPrefixes: [] })).not.toContain('config firewall policy');
    expect(configurationOf([ONE], { lanPrefixes: [] }).leftOut.join()).toMatch(/^Firewall policies: /);
  });

  it('allow asymmetric ICMP while Cloudflare checks a tunnel', () => {
    const allow = 'config system settings / set asymroute-icmp enable';
    expect(pathsOf([ONE])).toContain(allow);
    expect(pathsOf([{ tunnel: firstTunnel({ health_check: { enabled: false } }) }])).not.toContain(allow);
  });

  it('leave out the interface where no uplink is named, and say so', () => {
    const changes = { uplink: undefined };
    expect(pathsOf([ONE], changes).join('\n')).not.toMatch(/phase1-interface .* set interface /);
    expect(configurationOf([ONE], changes).leftOut.join()).toMatch(/^The interface of the tunnels: /);
  });

  it('leave out a tunnel whose Cloudflare endpoint is an IPv6 address, and say so', () => {
    const { files, leftOut } = configurationOf([ONE, { tunnel: secondTunnel({ cloudflare_endpoint: '2001:db8::2' }) }]);
    expect(files[0]?.content).not.toContain('cf-branch-1b');
    expect(leftOut.join()).toContain('Tunnel branch-1b: its Cloudflare endpoint is an IPv6 address');
  });

  it('reach a BGP speaker that is not at the end of the tunnel', () => {
    const tunnel = firstTunnel({ bgp_status: { cf_speaker_ip: '172.31.0.1', state: 'BGP_UP' } });
    const commands = commandsOf([{ tunnel }]);
    expect(commands).toContain('set ebgp-enforce-multihop enable');
    expect(commands).toContain('set dst 172.31.0.1 255.255.255.255');
    expect(commandsOf([ONE])).not.toContain('set ebgp-enforce-multihop enable');
  });

  it('announce the networks behind the router alone', () => {
    const rules = (lanPrefixes: string[]) =>
      pathsOf([ONE], { lanPrefixes }).flatMap((path) => /config rule \/ edit \d+ \/ (set .*)$/.exec(path)?.[1] ?? []);
    expect(rules(['192.168.50.0/24'])).toEqual(['set prefix 192.168.50.0 255.255.255.0']);
    expect(rules([])).toEqual(['set action deny', 'set prefix any']);
  });
});

describe('pre-shared keys', () => {
  it('are written as they are where Cloudflare generated them', () => {
    for (const key of KEYS) expect(keyWritten(key)).toBe(`set psksecret "${key}"`);
  });

  it.each(PRE_SHARED_KEYS)('are written as their bytes, or left out and named, where one $why', ({ key }) => {
    const command = keyWritten(key);
    const bytes = Buffer.from(key.toWellFormed());
    const isPlain = /^(?!0+x)[A-Za-z0-9_-]+$/i.test(key);
    if (key.length < 6 || (isPlain ? key.length : 2 + 2 * bytes.length) > 128) {
      expect(command).toBeUndefined();
      expect(configurationOf([{ ...ONE, psk: key }]).leftOut.join()).toMatch(/^The pre-shared key of branch-1a: /);
    } else if (isPlain) expect(valueRead(command ?? '')).toBe(key);
    else expect(command).toBe(`set psksecret 0x${bytes.toString('hex')}`);
  });

  it.each(['0x41424344', '00x41424344', '0X41424344'])('are not taken for hexadecimal: %s', (key) => {
    expect(keyWritten(key)).toBe(`set psksecret 0x${Buffer.from(key).toString('hex')}`);
  });
});

describe('MD5 keys', () => {
  it.each([
    { key: 'ENC abc', why: 'looks encrypted' },
    { key: 'a$USERNAME', why: 'has a variable of FortiOS' },
    { key: 'k'.repeat(81), why: 'is too long' },
  ])('are left out and named where one $why', ({ key }) => {
    expect(commandsOf(withMd5Key(key)).join('\n')).not.toContain('set password');
    expect(configurationOf(withMd5Key(key)).leftOut.join()).toMatch(/^The MD5 key of branch-1a: /);
  });

  it('are read as they are where they are written', () => {
    for (const { key, why } of MD5_KEYS) {
      const written = commandsOf(withMd5Key(key)).filter((command) => command.startsWith('set password '));
      const isTaken = !/^ENC |\$[a-z]|^.{81,}$/i.test(key);
      expect(written.map(valueRead), why).toEqual(isTaken ? [key] : []);
    }
  });
});

describe('a default route', () => {
  it('goes into the tunnel as its two halves, beside that of the uplink', () => {
    const commands = commandsOf([ONE], { routing: 'static', remotePrefixes: ['0.0.0.0/0'] });
    expect(commands).toEqual(
      expect.arrayContaining(['0.0.0.0', '128.0.0.0'].map((network) => `set dst ${network} 128.0.0.0`)),
    );
    expect(commands.join('\n')).not.toMatch(/ 0\.0\.0\.0(?:\/0| 0\.0\.0\.0) (?:interface|Tunnel|$)/m);
  });
});

describe('what is left out', () => {
  it('names static routes where no networks behind Cloudflare are named', () => {
    const { leftOut } = configurationOf([ONE], { routing: 'static', remotePrefixes: [] });
    expect(leftOut).toEqual(['Static routes: no networks behind Cloudflare were named.']);
  });

  it('is nothing for a default route, for FortiGate keeps a route of its own to each gateway', () => {
    expect(configurationOf(PAIR, { routing: 'static', remotePrefixes: ['0.0.0.0/0'] }).leftOut).toEqual([]);
    expect(commandsOf([ONE])).toContain('set add-gw-route enable');
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
    { tunnel: firstTunnel({ bgp: { customer_asn: 65_010, md5_key: 'ENC abc' } }), values: { 'bgp/md5_key': '' } },
  ])('puts $values', ({ tunnel, values }) => {
    const advice = readable({ tunnel }).flatMap((read) => fortigate.adviseOn(read, settingsFor('fortigate')));
    expect(advice.map(({ fix }) => fix?.values)).toEqual([values]);
  });

  it('names a pre-shared key that FortiOS does not take, without the key', () => {
    const advice = readable({ ...ONE, psk: 'short' }).flatMap((read) =>
      fortigate.adviseOn(read, settingsFor('fortigate')),
    );
    expect(advice.map(({ message }) => message)).toEqual([
      'The pre-shared key of this tunnel is shorter than the 6 characters that FortiOS asks for. Generate another one.',
    ]);
  });

  it('is silent about a tunnel that suits', () => {
    expect(readable(...PAIR).flatMap((read) => fortigate.adviseOn(read, settingsFor('fortigate')))).toEqual([]);
  });
});
