import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, test } from 'vitest';
import { diagnoseBgp, speakersOf } from '../src/ipsec-tunnels/detail/bgp-checks.ts';

const NOW = Date.parse('2026-11-30T02:20:00Z');
const LONG_AGO = '2026-11-30T01:00:00Z';

function tunnel(status: object | undefined, parts: object = {}): IpsecTunnel {
  return ipsecTunnelSchema.parse({
    id: 'f0e1d2c3b4a5f0e1d2c3b4a5f0e1d2c3',
    name: 'branch-1',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.4/31',
    bgp: { customer_asn: 65010, md5_key: 'guard' },
    bgp_status: status,
    ...parts,
  });
}

const commands = (status: object, parts: object = {}) => {
  const diagnosis = diagnoseBgp(tunnel(status, parts), 'healthy', NOW);
  return diagnosis?.kind === 'checks' ? diagnosis.checks.map(({ command }) => command) : [];
};

const DOWN = { state: 'BGP_DOWN', tcp_established: false, updated_at: LONG_AGO };

describe('a session that is not up while the tunnel works', () => {
  test('is checked from the way there to what is exchanged, with the addresses of this tunnel', () => {
    expect(commands(DOWN)).toEqual([
      'ping -c 3 -I 10.0.0.5 10.0.0.4',
      "vtysh -c 'show bgp neighbors 10.0.0.4'",
      expect.stringContaining('TcpExtTCPMD5Failure'),
      "vtysh -c 'show running-config' | grep -E 'router bgp|remote-as'",
      "vtysh -c 'show bgp summary'",
    ]);
  });

  test('over an established TCP connection, leaves out what that proves right', () => {
    expect(commands({ ...DOWN, tcp_established: true })).toHaveLength(2);
  });

  test('names the ASN of either side, and whether there is an MD5 key', () => {
    const diagnosis = diagnoseBgp(tunnel(DOWN), undefined, NOW);
    const whats = diagnosis?.kind === 'checks' ? diagnosis.checks.map(({ what }) => what) : [];
    expect(whats).toContain("Cloudflare's side is AS 13335, and yours AS 65010");
    expect(whats).toContain('Both sides have the same MD5 key');
    const without = diagnoseBgp(tunnel(DOWN, { bgp: { customer_asn: 65010 } }), undefined, NOW);
    expect(JSON.stringify(without)).toContain('has no MD5 key for it, as Cloudflare has none');
  });
});

test.each([
  ['up', { state: 'BGP_UP', updated_at: LONG_AGO }, {}],
  ['not told', undefined, {}],
  ['being established since a moment ago', { state: 'BGP_ESTABLISHING', updated_at: '2026-11-30T02:19:30Z' }, {}],
  ['down, of a tunnel without BGP', DOWN, { bgp: undefined }],
])('nothing is to check where the session is %s', (_, status, parts) => {
  expect(diagnoseBgp(tunnel(status, parts), 'healthy', NOW)).toBeUndefined();
});

test('a session that has been establishing for too long is checked', () => {
  expect(commands({ state: 'BGP_ESTABLISHING', tcp_established: true, updated_at: LONG_AGO })).toHaveLength(2);
});

test('while the tunnel is down, that comes first', () => {
  expect(diagnoseBgp(tunnel(DOWN), 'down', NOW)).toEqual({ kind: 'tunnel-first' });
});

describe('the speakers', () => {
  test('are those that Cloudflare tells', () => {
    const told = tunnel({ ...DOWN, cf_speaker_ip: '10.9.0.1', customer_speaker_ip: '10.9.0.2' });
    expect(speakersOf(told)).toEqual({ cloudflare: '10.9.0.1', router: '10.9.0.2' });
  });

  test('are the two ends of the link where it tells none, or something that is no address', () => {
    const ends = { cloudflare: '10.0.0.4', router: '10.0.0.5' };
    expect(speakersOf(tunnel(DOWN))).toEqual(ends);
    expect(speakersOf(tunnel({ ...DOWN, cf_speaker_ip: '$(reboot)' }))).toEqual(ends);
  });
});
