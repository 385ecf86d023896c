import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { TunnelForRouter } from '../../src/routers/router-tunnel.ts';
import type { RouterSettings } from '../../src/routers/settings.ts';
import { vyos } from '../../src/routers/vyos.ts';
import { MD5_KEYS, PRE_SHARED_KEYS } from './hostile.ts';
import { firstTunnel, inputOf, KEYS, readable, SITUATIONS, secondTunnel, settingsFor } from './inputs.ts';

type Given = readonly TunnelForRouter[];

function configurationOf(given: Given, changes: Partial<RouterSettings> = {}) {
  return vyos.configure(inputOf(readable(...given), settingsFor('vyos', changes)));
}

function commandsOf(given: Given, changes: Partial<RouterSettings> = {}): string[] {
  const [file] = configurationOf(given, changes).files;
  return (file?.content ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The last words of commands, as the shell of VyOS's configuration mode takes them. */
function lastWords(commands: readonly string[]): string[] {
  const script = commands.map((command) => `set_() { for word; do :; done; printf '%s\\n' "$word"; }; set_ ${command}`);
  return execFileSync('sh', ['-c', script.join('\n')], { encoding: 'utf8' })
    .split('\n')
    .slice(0, -1);
}

const ONE = { tunnel: firstTunnel() };
const PAIR: Given = [ONE, { tunnel: secondTunnel() }];

function withMd5Key(md5_key: string): Given {
  return [{ tunnel: firstTunnel({ bgp: { customer_asn: 65_010, md5_key } }) }];
}

function md5Commands(given: Given): string[] {
  return commandsOf(given).filter((command) => / neighbor \S+ password /.test(command));
}

describe('the file', () => {
  it.each(SITUATIONS)('is the same as ever in the situation $name', async ({ name, tunnels, changes }) => {
    const { files, leftOut } = configurationOf(tunnels, changes);
    const text = `${files[0]?.content}\nLeft out:\n${leftOut.join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(`golden/vyos/${name}.txt`);
  });

  it('has nothing but set commands and comments', () => {
    for (const command of commandsOf(PAIR)) expect(command).toMatch(/^set [a-z]/);
  });

  it('says that it was made from guides and did not run', () => {
    expect(configurationOf([ONE]).files[0]?.content).toContain('# Made from the guides of 2026-08-24, not run here\n');
  });
});

describe('the commands', () => {
  it('offer AES-GCM with PRF SHA-384 and group 20, or AES-CBC with SHA-256', () => {
    const proposal = (changes: Partial<RouterSettings>) =>
      commandsOf([ONE], changes).flatMap((line) => / (?:proposal 1|pfs) (.*)/.exec(line)?.[0].trim() ?? []);
    expect(proposal({})).toEqual([
      "proposal 1 encryption 'aes256gcm128'",
      "proposal 1 hash 'sha384'",
      "proposal 1 prf 'prfsha384'",
      "proposal 1 dh-group '20'",
      "pfs 'dh-group20'",
      "proposal 1 encryption 'aes256gcm128'",
      "proposal 1 hash 'sha384'",
    ]);
    expect(proposal({ proposals: 'compatible' })).toContain("proposal 1 encryption 'aes256'");
  });

  it('end the lifetimes of a pair at different times', () => {
    const lifetimes = commandsOf(PAIR).flatMap(
      (line) => /(?:ike|esp)-group \S+ lifetime '(\d+)'/.exec(line)?.[1] ?? [],
    );
    expect(lifetimes).toEqual(['86400', '28800', '79200', '25200']);
  });

  it('turn anti-replay off only where the tunnel is without replay protection', () => {
    const window = (replay_protection: boolean) =>
      commandsOf([{ tunnel: firstTunnel({ replay_protection }) }]).filter((line) => line.includes('replay-window'));
    expect(window(false)).toEqual(["set vpn ipsec site-to-site peer cf-branch-1a replay-window '0'"]);
    expect(window(true)).toEqual(["set vpn ipsec site-to-site peer cf-branch-1a replay-window '32'"]);
  });

  it.each([
    { given: [ONE], changes: {}, address: '203.0.113.10', why: 'the customer endpoint is its own' },
    { given: [ONE], changes: { isBehindNat: true }, address: 'any', why: 'the customer endpoint is that of the NAT' },
    {
      given: [{ tunnel: firstTunnel({ customer_endpoint: undefined }) }],
      changes: {},
      address: 'any',
      why: 'there is no customer endpoint',
    },
    {
      given: [{ tunnel: firstTunnel({ cloudflare_endpoint: '2001:db8::1' }) }],
      changes: {},
      address: 'any',
      why: 'the Cloudflare endpoint is of the other version',
    },
  ])('have the local address $address where $why', ({ given, changes, address }) => {
    expect(commandsOf(given, changes)).toContain(
      `set vpn ipsec site-to-site peer cf-branch-1a local-address '${address}'`,
    );
  });

  it('reach a BGP speaker that is not at the end of the tunnel', () => {
    const tunnel = firstTunnel({ bgp_status: { cf_speaker_ip: '172.31.0.1', state: 'BGP_UP' } });
    const commands = commandsOf([{ tunnel }]);
    expect(commands).toContain("set protocols bgp neighbor 172.31.0.1 ebgp-multihop '2'");
    expect(commands).toContain('set protocols static route 172.31.0.1/32 interface vti1');
    expect(commandsOf([ONE]).join('\n')).not.toContain('ebgp-multihop');
  });

  it('route statically through both tunnels of a pair, without BGP', () => {
    const commands = commandsOf(PAIR, { routing: 'static', remotePrefixes: ['10.64.0.0/16'] });
    expect(commands.filter((line) => line.startsWith('set protocols '))).toEqual([
      'set protocols static route 10.64.0.0/16 interface vti1',
      'set protocols static route 10.64.0.0/16 interface vti2',
    ]);
  });

  it('announce the networks behind the router alone', () => {
    const announced = (lanPrefixes: readonly string[]) =>
      commandsOf([ONE], { lanPrefixes: [...lanPrefixes] }).filter((line) => line.includes(' rule '));
    expect(announced(['192.168.50.0/24'])).toEqual([
      "set policy prefix-list CLOUDFLARE-OUT rule 10 action 'permit'",
      "set policy prefix-list CLOUDFLARE-OUT rule 10 prefix '192.168.50.0/24'",
    ]);
    expect(announced([])).toContain("set policy prefix-list CLOUDFLARE-OUT rule 10 action 'deny'");
  });
});

describe('keys', () => {
  it('are one word of base64 each, whatever is in them', () => {
    const commands = PRE_SHARED_KEYS.map(({ key }) => {
      const secrets = commandsOf([{ ...ONE, psk: key }]).filter((line) => line.includes(' secret '));
      expect(secrets).toHaveLength(1);
      return secrets[0] ?? '';
    });
    const read = lastWords(commands).map((word) => Buffer.from(word, 'base64').toString());
    expect(read).toEqual(PRE_SHARED_KEYS.map(({ key }) => key.toWellFormed()));
  });

  it('have a place in the file where none was asked for', () => {
    const secrets = commandsOf(PAIR).filter((line) => line.includes(' secret'));
    expect(secrets).toEqual([
      "set vpn ipsec authentication psk cf-branch-1a secret '<PRE-SHARED-KEY>'",
      "set vpn ipsec authentication psk cf-branch-1b secret '<PRE-SHARED-KEY>'",
    ]);
    expect(commandsOf(PAIR.map((given, index) => ({ ...given, psk: KEYS[index] }))).join('\n')).not.toContain('<PRE');
  });

  it('of MD5 are read by a shell as they are, or left out and named', () => {
    const written = MD5_KEYS.filter(({ key }) => md5Commands(withMd5Key(key)).length > 0);
    expect(lastWords(written.flatMap(({ key }) => md5Commands(withMd5Key(key))))).toEqual(
      written.map(({ key }) => key),
    );
    for (const { key, why } of MD5_KEYS.filter((one) => !written.includes(one))) {
      expect(key, why).toMatch(/[ '\\]|^.{81,}$/);
      expect(configurationOf(withMd5Key(key)).leftOut.join(), why).toContain('The MD5 key of branch-1a');
    }
  });
});

describe('a default route', () => {
  it('goes into the tunnel as its two halves, beside that of the uplink', () => {
    const commands = commandsOf([ONE], { routing: 'static', remotePrefixes: ['0.0.0.0/0'] });
    expect(commands).toEqual(
      expect.arrayContaining(
        ['0.0.0.0/1', '128.0.0.0/1'].map((network) => `set protocols static route ${network} interface vti1`),
      ),
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
    { tunnel: withMd5Key("it's")[0]?.tunnel ?? firstTunnel(), values: { 'bgp/md5_key': '' } },
  ])('puts $values', ({ tunnel, values }) => {
    const advice = readable({ tunnel }).flatMap((read) => vyos.adviseOn(read, settingsFor('vyos')));
    expect(advice.map(({ fix }) => fix?.values)).toEqual([values]);
  });

  it('is silent about a tunnel that suits', () => {
    expect(readable(...PAIR).flatMap((read) => vyos.adviseOn(read, settingsFor('vyos')))).toEqual([]);
  });
});
