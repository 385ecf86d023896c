import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_COLUMNS, CSV_ID_COLUMN, toCsvCells } from '../../../src/ipsec-tunnels/export/csv.ts';
import { customIdentitySuffix } from '../../../src/ipsec-tunnels/fields.ts';
import { readCells, readHeaders } from '../../../src/ipsec-tunnels/import/columns.ts';
import { requestOf } from '../../../src/ipsec-tunnels/import/requests.ts';
import { ACCOUNT_ID, accepted } from '../validating.ts';
import { EXPORTED_REQUEST, exportedRequest, FULL_TUNNEL, hostileText, md5Characters, tunnelOf } from './tunnels.ts';

/** As an import reads it. */
function read(cells: readonly string[], headers = CSV_COLUMNS) {
  const { columns, issues } = readHeaders(headers);
  expect(issues).toEqual([]);
  return requestOf(readCells(columns, cells), ACCOUNT_ID);
}

function cellOf(tunnel: Parameters<typeof toCsvCells>[0], column: string): string | undefined {
  return toCsvCells(tunnel)[CSV_COLUMNS.indexOf(column)];
}

describe('the columns', () => {
  it('are the ID and every field of a request but its key', () => {
    expect(CSV_COLUMNS).toEqual([CSV_ID_COLUMN, ...dottedPaths(EXPORTED_REQUEST)].sort(byColumn));
    expect(CSV_COLUMNS[0]).toBe('id');
    expect(CSV_COLUMNS).not.toContain('psk');
  });

  it('all have a cell in every row', () => {
    expect(toCsvCells(FULL_TUNNEL)).not.toContain('');
    expect(toCsvCells(tunnelOf({ name: 'a', cloudflare_endpoint: 'b', interface_address: 'c' }))).toHaveLength(
      CSV_COLUMNS.length,
    );
  });
});

describe('a row', () => {
  it('is read as the request that makes the same tunnel', () => {
    expect(read(toCsvCells(FULL_TUNNEL))).toStrictEqual(EXPORTED_REQUEST);
    expect(accepted(read(toCsvCells(FULL_TUNNEL)))).toStrictEqual(EXPORTED_REQUEST);
  });

  it('is read as what was written, whatever its texts are, but for blanks around a name: the form sends none', () => {
    fc.assert(
      fc.property(exportedRequest, hostileText, (request, label) => {
        const written = {
          ...request,
          name: request.name.trim() || 'name',
          ...(request.custom_remote_identities && {
            custom_remote_identities: { fqdn_id: `${label.trimStart()}${customIdentitySuffix(ACCOUNT_ID)}` },
          }),
        };
        expect(read(toCsvCells(tunnelOf(written)))).toStrictEqual(written);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps an MD5 key that begins with any character Cloudflare accepts', () => {
    for (const character of md5Characters()) {
      const md5_key = `${character}key`;
      const tunnel = tunnelOf({ ...EXPORTED_REQUEST, bgp: { customer_asn: 65001, md5_key } });
      expect(read(toCsvCells(tunnel))).toMatchObject({ bgp: { md5_key } });
    }
  });

  it('has no cell that a spreadsheet takes for a formula, or an import for a comment', () => {
    const startsLikeOne = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', "'", '#', '');
    fc.assert(
      fc.property(fc.tuple(startsLikeOne, hostileText), ([start, text]) => {
        const name = start + text;
        const cells = toCsvCells(tunnelOf({ ...EXPORTED_REQUEST, name, description: name }, name));
        expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠#]/.test(cell))).toEqual([]);
      }),
    );
  });

  it.each([
    { written: '=1+1', cell: "'=1+1", why: 'a formula' },
    { written: "'=1+1", cell: "''=1+1", why: 'a text that looks marked already' },
    { written: "'s-Hertogenbosch", cell: "''s-Hertogenbosch", why: 'a text that begins with the mark' },
    { written: 'a=1', cell: 'a=1', why: 'a sign in the middle is harmless' },
  ])('has $cell for $written: $why', ({ written, cell }) => {
    const tunnel = tunnelOf({ ...EXPORTED_REQUEST, description: written });
    expect(cellOf(tunnel, 'description')).toBe(cell);
    expect(read(toCsvCells(tunnel))).toMatchObject({ description: written });
  });
});

describe('a row that somebody wrote', () => {
  it.each([
    {
      cells: { description: "'s-Hertogenbosch" },
      request: { description: "'s-Hertogenbosch" },
      why: 'nothing is marked',
    },
    { cells: { replay_protection: 'TRUE' }, request: { replay_protection: true }, why: 'spreadsheets write capitals' },
    { cells: { replay_protection: 'yes' }, request: { replay_protection: 'yes' }, why: 'for the schema to reject' },
    {
      cells: { replay_protection: 'constructor' },
      request: { replay_protection: 'constructor' },
      why: 'a word like any',
    },
    {
      cells: { 'bgp.customer_asn': 'AS1' },
      request: { bgp: { customer_asn: 'AS1' } },
      why: 'for the schema to reject',
    },
    {
      cells: { 'bgp.extra_prefixes': '10.1.0.0/16, 10.2.0.0/16' },
      request: { bgp: { extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'] } },
      why: 'commas separate too',
    },
    { cells: { id: 'a', name: '', psk: 'secret' }, request: { psk: 'secret' }, why: 'the key is a column of imports' },
  ])('with $cells is $request: $why', ({ cells, request }) => {
    expect(read(Object.values(cells), Object.keys(cells))).toStrictEqual(request);
  });
});

function dottedPaths(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? dottedPaths(inner).map((path) => `${key}.${path}`)
      : [key],
  );
}

/** Only which columns there are is of interest, not their order. */
function byColumn(one: string, other: string): number {
  return CSV_COLUMNS.indexOf(one) - CSV_COLUMNS.indexOf(other);
}
