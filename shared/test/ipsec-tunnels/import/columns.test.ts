import { describe, expect, it } from 'vitest';
import { CELL_FIELDS } from '../../../src/ipsec-tunnels/cells.ts';
import { CSV_COLUMNS } from '../../../src/ipsec-tunnels/export/csv.ts';
import { readCells, readHeaders } from '../../../src/ipsec-tunnels/import/columns.ts';
import { IPSEC_TUNNEL_LABELS } from '../../../src/ipsec-tunnels/labels.ts';

describe('headers', () => {
  it('are the request’s names, as the export writes them', () => {
    expect(readHeaders(CSV_COLUMNS)).toEqual({ columns: CSV_COLUMNS, issues: [] });
    expect(readHeaders(CELL_FIELDS)).toEqual({ columns: CELL_FIELDS, issues: [] });
  });

  it('are the page’s labels too', () => {
    expect(readHeaders(CELL_FIELDS.map((field) => IPSEC_TUNNEL_LABELS[field])).columns).toEqual(CELL_FIELDS);
  });

  it.each([
    { header: ' Interface  ADDRESS\u00a0', column: 'interface_address', why: 'case and blanks' },
    { header: 'bgp.customer_asn', column: 'bgp.customer_asn', why: 'the name itself' },
    { header: 'BGP Customer-ASN', column: 'bgp.customer_asn', why: 'what stands between the words' },
    { header: 'bgp/md5_key', column: 'bgp.md5_key', why: 'as a JSON pointer has it' },
    { header: 'ID', column: 'id', why: 'it says which tunnel the row was' },
    { header: 'PSK', column: 'psk', why: 'a key can be imported' },
  ])('“$header” is $column: $why', ({ header, column }) => {
    expect(readHeaders([header])).toEqual({ columns: [column], issues: [] });
  });

  it.each([
    {
      headers: ['interface_adress'],
      says: 'Column 1, "interface_adress", is not a field of a tunnel, and is left out. Did you mean interface_address?',
      why: 'a letter is missing',
    },
    {
      headers: ['name', 'colour'],
      says: 'Column 2, "colour", is not a field of a tunnel, and is left out.',
      why: 'nothing is near',
    },
    {
      headers: ['name', 'psk', 'Name'],
      says: 'Columns 1 and 3 are both name: only one can be read.',
      why: 'given twice',
    },
    { headers: ['name', ' '], says: 'Column 2 has no header: its cells would be lost.', why: 'none at all' },
    {
      headers: ['constructor'],
      says: 'Column 1, "constructor", is not a field of a tunnel, and is left out.',
      why: 'a word like any',
    },
  ])('$headers are wrong: $why', ({ headers, says }) => {
    expect(readHeaders(headers).issues).toEqual([says]);
  });

  it.each([
    ['Health check', 'health_check.enabled'],
    ['Interface', 'interface_address'],
    ['ASN', 'bgp.customer_asn'],
    ['Tunnel name', 'name'],
    ['Pre-shared keys', 'psk'],
    ['Interface addr', 'interface_address'],
  ])('“%s” is asked about: did they mean %s?', (header, nearest) => {
    expect(readHeaders([header]).issues).toEqual([
      `Column 1, "${header}", is not a field of a tunnel, and is left out. Did you mean ${nearest}?`,
    ]);
  });

  it('that may be several are not guessed', () => {
    expect(readHeaders(['Endpoint']).issues).toEqual([
      'Column 1, "Endpoint", is not a field of a tunnel, and is left out.',
    ]);
  });

  it('need not be there over an empty column', () => {
    expect(readHeaders(['name', ''], (index) => index === 0)).toEqual({ columns: ['name', undefined], issues: [] });
  });
});

it('cells are read by their columns, without the mark that keeps a spreadsheet from taking them for formulas', () => {
  const { columns } = readHeaders(['id', 'description', 'colour', 'name', 'psk']);
  expect(readCells(columns, ['abc', "'=1+1", 'red', "''s-Hertogenbosch", ''])).toEqual({
    description: '=1+1',
    name: "'s-Hertogenbosch",
  });
  expect(readCells(columns, ['abc'])).toEqual({});
});
