import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { initialSettings } from '../src/ipsec-tunnels/router/initial-settings.ts';
import { makeConfiguration } from '../src/ipsec-tunnels/router/make-configuration.ts';
import { refusedKeys } from '../src/ipsec-tunnels/router/refused-keys.ts';
import { readableSettings, untouchedSettings } from '../src/ipsec-tunnels/router/router-fields.ts';
import { issuesOfRequest } from '../src/ipsec-tunnels/router/router-rules.ts';
import { MASK, shownFiles } from '../src/ipsec-tunnels/router/shown-files.ts';
import { inOrder, possiblePartners } from '../src/ipsec-tunnels/router/tunnels-of-router.ts';
import { zipFolders } from '../src/ipsec-tunnels/router/zip-files.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';
const FIRST: IpsecTunnel = {
  id: '1'.repeat(32),
  name: 'ams-1',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.0/31',
  bgp: { customer_asn: 65001, md5_key: 'guard-1' },
};
const SECOND: IpsecTunnel = { ...FIRST, id: '2'.repeat(32), name: 'ams-2', interface_address: '10.0.0.2/31' };
const STATIC: IpsecTunnel = {
  ...FIRST,
  id: '3'.repeat(32),
  name: 'ber-1',
  customer_endpoint: '192.88.99.20',
  bgp: undefined,
};
const KEPT: RouterSettings = { ...untouchedSettings('linux', FIRST), uplink: 'wan0' };
const AT = new Date('2026-11-25T12:00:00Z');

describe('what the form opens with', () => {
  it.each([
    { why: 'what is kept comes first', kept: [{ tunnelId: FIRST.id, settings: KEPT }], kind: 'linux', uplink: 'wan0' },
    { why: 'else the description', kept: [], kind: 'azure', uplink: undefined },
  ])('$why', ({ kept, kind, uplink }) => {
    const opened = initialSettings({ ...FIRST, description: 'Azure, west' }, kept, 'vyos');
    expect(opened).toMatchObject({ kind });
    expect(opened.uplink).toBe(uplink);
  });

  it('is the kind chosen last where the description names none, else Linux', () => {
    expect(initialSettings(FIRST, [], 'vyos').kind).toBe('vyos');
    expect(initialSettings(FIRST, [], undefined).kind).toBe('linux');
  });

  it('is what is kept of the tunnel it was paired with, the pair seen from this side', () => {
    const kept = [{ tunnelId: SECOND.id, settings: { ...KEPT, pairedWith: FIRST.id } }];
    expect(initialSettings(FIRST, kept, undefined)).toEqual({ ...KEPT, pairedWith: SECOND.id });
  });

  it('routes by BGP where the tunnel has it', () => {
    expect(initialSettings(FIRST, [], undefined).routing).toBe('bgp');
    expect(initialSettings(STATIC, [], undefined).routing).toBe('static');
  });
});

describe('what is wrong with what was entered', () => {
  it('names what the kind needs and has not', () => {
    const request = { kind: 'linux', isBehindNat: false, routing: 'static', proposals: 'strongest' };
    expect(issuesOfRequest(request).map(({ path }) => path)).toEqual([['uplink'], ['remotePrefixes']]);
  });

  it('names each wrong prefix by its place, once', () => {
    const request = {
      kind: 'linux',
      uplink: 'eth0',
      routing: 'bgp',
      lanPrefixes: ['10.0.0.0/8', 'x', '2001:db8::/32'],
    };
    expect(issuesOfRequest(request).map(({ path }) => path)).toEqual([
      ['lanPrefixes', 1],
      ['lanPrefixes', 2],
    ]);
  });

  it('leaves the rest as it is for advice', () => {
    const request = { kind: 'linux', uplink: 'not a name', isBehindNat: true, routing: 'bgp' };
    const settings = readableSettings(request, FIRST);
    expect(settings.uplink).toBeUndefined();
    expect(settings.isBehindNat).toBe(true);
  });
});

it('tunnels with the same customer endpoint may lead to one router, in the order of their addresses', () => {
  expect(possiblePartners(FIRST, [FIRST, SECOND, STATIC], undefined)).toEqual([SECOND]);
  expect(possiblePartners(FIRST, [FIRST, STATIC], STATIC.id)).toEqual([STATIC]);
  expect(inOrder([SECOND, FIRST])).toEqual([FIRST, SECOND]);
});

it.each(['secret', '"; $(reboot) #', 'ключ', 'a'.repeat(15)])(
  'no character of the key %j is in what is shown',
  (key) => {
    const router = { accountId: ACCOUNT, tunnels: [FIRST], settings: KEPT, deskVersion: '1', at: AT };
    const made = makeConfiguration(router, () => key);
    if (made.kind !== 'made') throw new Error('it is usable');
    const shown = shownFiles(router, () => key, made.files);
    const encoded = Buffer.from(key).toString('base64');
    expect(made.files.some(({ content }) => content.includes(encoded))).toBe(true);
    for (const { masked } of shown) expect(masked).not.toContain(encoded);
    const secrets = new Set(shown.flatMap(({ secrets }) => secrets));
    expect(secrets).toEqual(new Set(['pre-shared key', 'MD5 key']));
    expect(shown.some(({ masked }) => masked.includes(MASK))).toBe(true);
    // Beside the keys they are the same, line by line.
    for (const { file, masked } of shown) expect(masked.split('\n')).toHaveLength(file.content.split('\n').length);
  },
);

it.each(['fortigate', 'palo-alto', 'pfsense', 'unifi', 'aws', 'azure'] as const)(
  'a key that %s does not take is in no file, is not said to be there, and the reason is',
  (kind) => {
    const key = `geheim ${'ю'.repeat(200)}`;
    const settings: RouterSettings = { ...untouchedSettings(kind, STATIC), routing: 'static' };
    const router = { accountId: ACCOUNT, tunnels: [STATIC], settings, deskVersion: '1', at: AT };
    const made = makeConfiguration(router, () => key);
    if (made.kind !== 'made') throw new Error('it is usable');
    const shown = shownFiles(router, () => key, made.files);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.flatMap(({ secrets }) => secrets)).toEqual([]);
    const refused = refusedKeys(router, () => key);
    expect(refused.map(({ tunnelId }) => tunnelId)).toEqual([STATIC.id]);
    expect(refused[0]?.message).not.toContain('geheim');
    expect(refusedKeys(router, () => undefined)).toEqual([]);
  },
);

it('files come out of an archive as they went in', () => {
  const made = makeConfiguration({ accountId: ACCOUNT, tunnels: [FIRST], settings: KEPT, deskVersion: '1', at: AT });
  if (made.kind !== 'made') throw new Error('it is usable');
  const unzipped = Object.entries(unzipSync(zipFolders([{ name: made.label, files: made.files }], AT)));
  expect(unzipped.map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual(
    made.files.map(({ name, content }) => [`ams-1/${name}`, content]),
  );
});
