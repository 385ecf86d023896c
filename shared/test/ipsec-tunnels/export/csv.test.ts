import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_COLUMNS, CSV_ID_COLUMN, fromCsvCells, toCsvCells } from '../../../src/ipsec-tunnels/export/csv.ts';
import { accepted } from '../validating.ts';
import { EXPORTED_REQUEST, exportedRequest, FULL_TUNNEL, hostileText, md5Characters, tunnelOf } from './tunnels.ts';

function read(cells: readonly string[]) {
  return fromCsvCells(Object.fromEntries(CSV_COLUMNS.map((column, index) => [column, cells[index]])));
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
    expect(read(toCsvCells(FULL_TUNNEL))).toStrictEqual({ id: FULL_TUNNEL.id, request: EXPORTED_REQUEST });
    expect(accepted(read(toCsvCells(FULL_TUNNEL)).request)).toStrictEqual(EXPORTED_REQUEST);
  });

  it('is read as what was written, whatever its texts are', () => {
    fc.assert(
      fc.property(exportedRequest, (request) => {
        expect(read(toCsvCells(tunnelOf(request))).request).toStrictEqual(request);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps an MD5 key that begins with any character Cloudflare accepts', () => {
    for (const character of md5Characters()) {
      const md5_key = `${character}key`;
      const tunnel = tunnelOf({ ...EXPORTED_REQUEST, bgp: { customer_asn: 65001, md5_key } });
      expect(read(toCsvCells(tunnel)).request).toMatchObject({ bgp: { md5_key } });
    }
  });

  it('has no cell that a spreadsheet takes for a formula', () => {
    const startsLikeOne = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', "'", '');
    fc.assert(
      fc.property(fc.tuple(startsLikeOne, hostileText), ([start, text]) => {
        const name = start + text;
        const cells = toCsvCells(tunnelOf({ ...EXPORTED_REQUEST, name, description: name }, name));
        expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
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
    expect(read(toCsvCells(tunnel)).request).toMatchObject({ description: written });
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
    { cells: { name: '', colour: 'red', psk: 'secret' }, request: {}, why: 'empty and unknown ones are left out' },
  ])('with $cells is $request: $why', ({ cells, request }) => {
    expect(fromCsvCells(cells)).toStrictEqual({ id: undefined, request });
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
