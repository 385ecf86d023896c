import { exportedTunnel } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { toJson } from '@tunnel-desk/shared/ipsec-tunnels/export/json';
import { describe, expect, it } from 'vitest';
import { jsonErrorPosition } from '../../src/ipsec-tunnels/import/read/json-position.ts';
import { readFile } from '../../src/ipsec-tunnels/import/read/read.ts';
import { BOM, file, utf16 } from './fixtures.ts';

const REQUEST = {
  name: 'a',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  replay_protection: true,
  health_check: { target: '', rate: 'low' },
  bgp: { customer_asn: 65001, extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'] },
};
const CELLS = {
  name: 'a',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  replay_protection: 'true',
  'health_check.rate': 'low',
  'bgp.customer_asn': '65001',
  'bgp.extra_prefixes': '10.1.0.0/16 10.2.0.0/16',
};
const TUNNEL = {
  ...REQUEST,
  id: 'ab'.repeat(16),
  created_on: '2026-11-25T10:00:00Z',
  modified_on: '2026-11-25T10:00:00Z',
  allow_null_cipher: false,
  psk_metadata: { last_generated_on: '2026-11-25T10:00:00Z' },
  remote_identities: { hex_id: '', fqdn_id: '', user_id: '' },
  bgp_status: { state: 'BGP_UP' },
};

describe('JSON', () => {
  it.each([
    ['one request', JSON.stringify(REQUEST)],
    ['an array of requests', JSON.stringify([REQUEST])],
    ['the export of this desk', `${BOM}${toJson([exportedTunnel(TUNNEL)])}`],
    ['a tunnel that was copied', toJson(exportedTunnel(TUNNEL))],
    ["the result of Cloudflare's list", JSON.stringify({ ipsec_tunnels: [TUNNEL] })],
    ['the whole response', JSON.stringify({ success: true, errors: [], result: { ipsec_tunnels: [TUNNEL] } })],
    ['the response of a get', JSON.stringify({ result: { ipsec_tunnel: TUNNEL } })],
    ['UTF-16, with lines before it', utf16(`${BOM}\r\n ${JSON.stringify(REQUEST, null, 2)}`)],
  ])('is read of %s', async (_, content) => {
    const read = await readFile(file(content, 'tunnels.json'));
    expect(read).toMatchObject({ kind: 'rows', issues: [], notes: [], source: { name: 'tunnels.json' } });
    expect(read.kind === 'rows' && read.rows).toEqual([{ number: 1, cells: CELLS, generatesKey: false }]);
    expect(read.kind === 'rows' && [...read.rowIssues]).toEqual([]);
  });

  it('has the key of a row as its cell', async () => {
    const read = await readFile(file(JSON.stringify({ ...REQUEST, psk: ' key' })));
    expect(read).toMatchObject({ rows: [{ cells: { ...CELLS, psk: ' key' } }] });
  });

  it('names what it does not know, row by row', async () => {
    const read = await readFile(
      file(JSON.stringify([REQUEST, { ...REQUEST, nam: 'b', bgp: { customer_asn: 1, asn: 2 } }, 5])),
    );
    expect(read.kind === 'rows' && [...read.rowIssues]).toEqual([
      [
        2,
        [
          '"bgp.asn" is not a field of a tunnel, and is left out.',
          '"nam" is not a field of a tunnel, and is left out.',
        ],
      ],
      [3, ['This is not an object with the fields of a tunnel.']],
    ]);
  });

  it.each([
    ['nothing in it', '[]', 'There is no tunnel in it.'],
    ['more than an import takes', JSON.stringify(Array.from({ length: 2001 }, () => REQUEST)), 'There are 2,001 rows'],
    ['a comma too many', '[\n  {"name": "a",}\n]', 'This is not JSON from line 2, column 16 on.'],
  ])('is refused with %s', async (_, content, message) => {
    expect(await readFile(file(content))).toEqual({ kind: 'refused', message: expect.stringContaining(message) });
  });
});

describe('the place at which a text stops being JSON', () => {
  it.each([
    ['nothing', '', 1, 1],
    ['the end, where a bracket is missing', '[{"a": 1}\n', 2, 1],
    ['a text that never closes', '{"a": "b}', 1, 7],
    ['a line break within a text', '{"a": "b\n"}', 1, 7],
    ['a word of another language', '{"a":\r\n\tTrue}', 2, 2],
    ['an apostrophe for a quotation mark', "{'a': 1}", 1, 2],
    ['a missing comma', '[1 2]', 1, 4],
    ['a missing colon', '{"a" 1}', 1, 6],
    ['another bracket than was opened', '[1}', 1, 3],
    ['a comma before the end', '[1,]', 1, 4],
    ['a comment', '[1] // one', 1, 5],
    ['a second value', '{}\r{}', 2, 1],
    ['a number with a leading zero', '[01]', 1, 2],
    ['a wrong escape', String.raw`["\x"]`, 1, 2],
  ])('is that of %s', (_, text, line, column) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonErrorPosition(text)).toEqual({ line, column });
  });
});
