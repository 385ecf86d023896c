import { CELL_FIELDS } from '@tunnel-desk/shared/ipsec-tunnels/cells';
import { CSV_COLUMNS } from '@tunnel-desk/shared/ipsec-tunnels/export/csv';
import { importTemplate } from '@tunnel-desk/shared/ipsec-tunnels/import/template';
import { describe, expect, it } from 'vitest';
import { MAX_BYTES } from '../../src/ipsec-tunnels/import/read/decode.ts';
import { readFile, readPasted } from '../../src/ipsec-tunnels/import/read/read.ts';
import type { ReadRows } from '../../src/ipsec-tunnels/import/read/read-result.ts';
import { AS_WRITTEN, BOM, delimited, EXPECTED_CELLS, file, utf16, windows1252, zipOf } from './fixtures.ts';

async function rowsOf(content: string | Uint8Array<ArrayBuffer>): Promise<ReadRows> {
  const result = await readFile(file(content));
  if (result.kind !== 'rows') throw new Error(JSON.stringify(result));
  return result;
}

async function cellsIn(content: string | Uint8Array<ArrayBuffer>) {
  return (await rowsOf(content)).rows.map(({ cells }) => cells);
}

describe('a table is read as it was meant, as written by', () => {
  it.each(AS_WRITTEN)('$by', async ({ bytes, summary }) => {
    const read = await rowsOf(bytes);
    expect(read.rows.map(({ cells }) => cells)).toEqual(EXPECTED_CELLS);
    expect(read).toMatchObject({ summary, issues: [], source: { kind: 'file', name: 'branches.csv' } });
    expect([...read.rowIssues]).toEqual([]);
  });
});

const MINIMAL = 'name,cloudflare_endpoint,interface_address';
const ROW = 'a,198.51.100.1,10.0.0.0/31';
const CELLS = { name: 'a', cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' };

describe('the cells of a table', () => {
  it.each([
    [
      'labels of the page for headers',
      `Name;CLOUDFLARE  ENDPOINT;Interface address\n${ROW.replaceAll(',', ';')}`,
      CELLS,
    ],
    [
      'a number as a spreadsheet writes it: the rules offer what it can be',
      `${MINIMAL},bgp.customer_asn\n${ROW},65001.0`,
      { ...CELLS, 'bgp.customer_asn': '65001.0' },
    ],
    [
      'a date that was an address',
      `${MINIMAL},customer_endpoint\n${ROW},2026-11-01`,
      { ...CELLS, customer_endpoint: '2026-11-01' },
    ],
    [
      'the words of a spreadsheet for yes and no',
      `${MINIMAL},replay_protection\n${ROW},FALSE`,
      { ...CELLS, replay_protection: 'FALSE' },
    ],
    [
      'a formula, which is text',
      `${MINIMAL},description\n${ROW},"=HYPERLINK(""x"")"`,
      { ...CELLS, description: '=HYPERLINK("x")' },
    ],
    ['a formula as an export writes it', `${MINIMAL},description\n${ROW},'=1+1`, { ...CELLS, description: '=1+1' }],
    ['the ID of an export, which a create has no use for', `id,${MINIMAL}\nabc,${ROW}`, CELLS],
    ['a key, blanks and all', `${MINIMAL},psk\n${ROW}, k e y `, { ...CELLS, psk: ' k e y ' }],
    ['blanks where a key would be, which are none', `${MINIMAL},psk\n${ROW},\u00a0 `, CELLS],
    ['one column alone', 'name\na', { name: 'a' }],
    [
      'a quotation mark within a cell',
      `${MINIMAL},description\n${ROW},12" rack`,
      { ...CELLS, description: '12" rack' },
    ],
    ['line ends of both kinds', `${MINIMAL}\r\n${ROW}\n`, CELLS],
    ['headers with blanks and quotation marks', `" name ", cloudflare_endpoint ,"interface_address"\n${ROW}`, CELLS],
  ])('are taken from %s', async (_, text, cells) => {
    expect(await cellsIn(text)).toEqual([cells]);
  });

  it('have the row of the spreadsheet beside their own number', async () => {
    const { rows, notes } = await rowsOf(`# made by hand\nBranches\n${MINIMAL}\n\n${ROW}\n,,\n# next week\n"b\nb",,\n`);
    expect(rows.map(({ number, sheetRow }) => [number, sheetRow])).toEqual([
      [1, 5],
      [2, 8],
    ]);
    expect(notes).toEqual(['Left out: 1 row above the headers.', 'Left out: 2 rows of comments, which begin with #.']);
  });
});

describe('what is wrong with a row, and cannot be seen in its cells, is said of that row alone', () => {
  it.each([
    ['a cell too many', `${ROW},x`, 'This row has 4 cells, and there are 3 headers'],
    ['a cell too few', 'b,198.51.100.1', 'This row has only 2 of 3 cells'],
    [
      'a quotation mark that never closes',
      '"b,198.51.100.1,10.0.0.2/31',
      'A quotation mark in this row opens and never closes',
    ],
    [
      'one that closes in a later row',
      '"b,198.51.100.1,10.0.0.2/31\n"c,",198.51.100.1,10.0.0.4/31',
      'A quotation mark in this row opens and never closes',
    ],
    [
      'quotation marks within a cell that begins with one',
      '"b" c,198.51.100.1,10.0.0.2/31\n"c",x,y',
      'opens and never closes',
    ],
    ['one behind the end of a quoted cell', '"b" c",198.51.100.1,10.0.0.2/31', 'do not match'],
  ])('%s', async (_, wrong, message) => {
    const { rows, rowIssues, issues } = await rowsOf(`${MINIMAL}\n${ROW}\n${wrong}\nlast,198.51.100.1,10.0.0.8/31\n`);
    expect(issues).toEqual([]);
    expect([...rowIssues.keys()]).toEqual([2]);
    expect(rowIssues.get(2)?.[0]).toContain(message);
    expect(rows.at(-1)?.cells.name).toBe('last');
  });

  it('also of the last one, whose other cells are still read', async () => {
    const { rows, rowIssues } = await rowsOf(`${MINIMAL}\n${ROW}\n"b,198.51.100.1,10.0.0.2/31`);
    expect(rowIssues.get(2)).toEqual([expect.stringContaining('opens and never closes')]);
    expect(rows[1]?.cells.interface_address).toBe('10.0.0.2/31');
  });

  it('even of many rows, and of so many that it would take too long the whole is refused', async () => {
    const broken = (count: number) => `${MINIMAL}\n${'"b,198.51.100.1,10.0.0.2/31\n'.repeat(count)}${ROW}`;
    const { rows, rowIssues } = await rowsOf(broken(60));
    expect([rows.length, rowIssues.size]).toEqual([61, 60]);
    expect(await readFile(file(broken(1000)))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('quotation mark'),
    });
  });

  it('but not of rows that Excel cut short: the empty cells that all 16 rows of a block end in', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => (index < 15 ? `${ROW},x,,` : ROW));
    const { rowIssues, notes } = await rowsOf([`${MINIMAL},description,psk,bgp.md5_key`, ...lines].join('\r\n'));
    expect([...rowIssues]).toEqual([]);
    expect(notes).toEqual(['End early, as Excel writes them where their last cells are empty: 25 rows.']);
  });
});

describe('the template', () => {
  const template = importTemplate();

  it.each([
    ['as it is downloaded', template],
    [
      'as a spreadsheet saves it, with as many cells in every row',
      template.replaceAll(/^"?#.*$/gm, (line) => `${line.trimEnd()}${','.repeat(CELL_FIELDS.length - 1)}\r`),
    ],
  ])('reads back in as its three examples, %s', async (_, content) => {
    const { rows, issues, rowIssues, notes } = await rowsOf(content);
    expect(rows.map(({ cells }) => cells.name)).toEqual(['branch-1', 'branch-2', 'branch-3']);
    expect([issues, [...rowIssues], notes.length]).toEqual([[], [], 1]);
  });
});

describe('what is wrong with the columns is said of the file', () => {
  it.each([
    [
      'an unknown header, with the one it may be',
      `${MINIMAL},custmer_endpoint\n${ROW},x`,
      'Did you mean customer_endpoint?',
    ],
    ['a header twice', `${MINIMAL},Name\n${ROW},x`, 'only one can be read'],
    ['cells without a header', `${MINIMAL},\n${ROW},x`, 'no header'],
  ])('%s', async (_, text, issue) => {
    const { issues, rowIssues } = await rowsOf(text);
    expect(issues).toEqual([expect.stringContaining(issue)]);
    expect([...rowIssues]).toEqual([]);
  });
});

/** The text, and a byte behind it that is no UTF-8. */
function brokenUtf8(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...new TextEncoder().encode(text), 0xfc]);
}

describe('a file that is none to import is refused in words, and nothing of it is shown', () => {
  const rows = (count: number) => `${MINIMAL}\n${`${ROW}\n`.repeat(count)}`;
  it.each([
    [
      'an Excel workbook',
      zipOf('[Content_Types].xml', 'xl/workbook.xml'),
      'This is an Excel workbook. Save it as CSV UTF-8',
    ],
    [
      'a workbook of Excel 2003',
      Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0]),
      'Excel workbook of an older kind',
    ],
    [
      'a LibreOffice spreadsheet',
      zipOf('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'),
      'OpenDocument spreadsheet',
    ],
    ['a Numbers spreadsheet', zipOf('Index/Document.iwa'), 'Numbers spreadsheet'],
    ['another archive', zipOf('branches.csv'), 'ZIP archive'],
    ['a compressed file', Uint8Array.from([0x1f, 0x8b, 8, 0]), 'compressed'],
    ['a PDF', '%PDF-1.7\n', 'This is a PDF'],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 'not a text file'],
    ['formatted text', '{\\rtf1 name}', 'RTF'],
    ['a page', '<html><table>', 'HTML or XML'],
    ['a curl command', "curl --fail-with-body 'https://…'", 'curl command'],
    ['Terraform', 'resource "cloudflare_magic_wan_ipsec_tunnel" "a" {', 'Terraform'],
    ['an empty file', '', 'This file is empty.'],
    ['blanks alone', ` ${BOM}\r\n\t`, 'This file is empty.'],
    ['headers alone', `${MINIMAL}\r\n\r\n`, 'There is a row of headers, and no other row.'],
    ['2,001 rows', rows(2001), 'There are 2,001 rows, and an import takes 2,000 at most.'],
    ['a file beyond all measure', new Uint8Array(MAX_BYTES + 1).fill(0x61), 'larger than 8 MB'],
    ['broken UTF-8 behind its mark', brokenUtf8(`${BOM}${MINIMAL},psk\n${ROW},k`), 'it is in UTF-8, but not all of it'],
    ['UTF-16 that ends in the middle', utf16(`${MINIMAL}\n${ROW}`).slice(0, -1), 'it is in UTF-16, but not all of it'],
  ])('%s', async (_, content, message) => {
    expect(await readFile(file(content))).toEqual({ kind: 'refused', message: expect.stringContaining(message) });
  });

  it('so are rows without headers beyond all measure', async () => {
    expect(await readFile(file('x\n'.repeat(300_000)))).toMatchObject({
      message: expect.stringContaining('300,000 rows'),
    });
  });

  it('2,000 rows are none too many', async () => {
    expect((await rowsOf(rows(2000))).summary).toBe('2,000 rows, commas, UTF-8');
  });
});

describe('an encoding that was guessed is said', () => {
  it.each([
    ['Windows-1252', windows1252(`${MINIMAL},description\n${ROW},Zürich – “n°1”`)],
    ['UTF-16', utf16(`${MINIMAL},description\n${ROW},Zürich – “n°1”`)],
  ])('%s', async (encoding, bytes) => {
    const { notes, rows } = await rowsOf(bytes);
    expect(notes).toEqual([expect.stringContaining(`It was read as ${encoding}`)]);
    expect(rows[0]?.cells.description).toBe('Zürich – “n°1”');
  });

  it('and UTF-8 is none: other encodings are no valid UTF-8', async () => {
    expect((await rowsOf(`${MINIMAL},description\n${ROW},Zürich`)).notes).toEqual([]);
  });
});

describe('what is pasted', () => {
  const cells = [
    ['branch "A"', '198.51.100.1', '10.0.0.0/31'],
    ['two\nlines', '198.51.100.1', '10.0.0.2/31'],
  ];
  const headers = MINIMAL.split(',');

  it.each([
    ['Excel', delimited([headers, ...cells], '\t', '\r\n')],
    ['Google Sheets, without a line break at the end', delimited([headers, ...cells], '\t', '\n').trimEnd()],
    [
      'LibreOffice, which leaves single quotation marks as they are',
      `${headers.join('\t')}\nbranch "A"\t198.51.100.1\t10.0.0.0/31\n"two\nlines"\t198.51.100.1\t10.0.0.2/31\n`,
    ],
  ])('is read as cells of %s', async (_, text) => {
    const read = await readPasted(text);
    expect(read).toMatchObject({
      kind: 'rows',
      summary: '2 rows, tabs',
      source: { kind: 'pasted', name: '' },
      issues: [],
    });
    expect(read.kind === 'rows' && [...read.rowIssues]).toEqual([]);
    expect(read.kind === 'rows' && read.rows.map((row) => row.cells.name)).toEqual(['branch "A"', 'two\nlines']);
  });

  it('has its own quotation marks, as Excel copies them, and its empty cells', async () => {
    const read = await readPasted(`name\tdescription\tpsk\r\n"a" or b\t"\t\r\n"c" or d\t\t\r\n`);
    expect(read.kind === 'rows' && read.rows.map((row) => row.cells)).toEqual([
      { name: '"a" or b', description: '"' },
      { name: '"c" or d' },
    ]);
    expect(read.kind === 'rows' && [...read.rowIssues]).toEqual([]);
  });

  it('may be CSV or JSON too', async () => {
    expect(await readPasted(`${MINIMAL}\n${ROW}`)).toMatchObject({ kind: 'rows', rows: [{ cells: CELLS }] });
    expect(await readPasted(JSON.stringify(CELLS))).toMatchObject({ kind: 'rows', rows: [{ cells: CELLS }] });
  });

  it('without headers is read in the order of the template where it has as many columns', async () => {
    const row = CELL_FIELDS.map((field) => new Map(Object.entries(CELLS)).get(field) ?? 'x').join('\t');
    const read = await readPasted(`${row}\n${row}`);
    if (read.kind !== 'no-headers') throw new Error(read.kind);
    expect(read).toMatchObject({ columnCount: CELL_FIELDS.length, order: CELL_FIELDS });
    expect(await read.readInOrder?.()).toMatchObject({
      kind: 'rows',
      rows: [{ sheetRow: 1, cells: CELLS }, { sheetRow: 2 }],
    });
  });

  it('without headers from an export of tunnels is read in its order', async () => {
    const row = CSV_COLUMNS.map((column) => (column === 'id' ? 'ab'.repeat(16) : `${column}!`)).join('\t');
    const read = await readPasted(row);
    if (read.kind !== 'no-headers') throw new Error(read.kind);
    expect(await read.readInOrder?.()).toMatchObject({
      rows: [{ cells: { name: 'name!', 'bgp.md5_key': 'bgp.md5_key!' } }],
    });
  });

  it('without headers and with another number of columns is not guessed', async () => {
    expect(await readPasted('a\t198.51.100.1\n')).toMatchObject({
      kind: 'no-headers',
      columnCount: 2,
      readInOrder: undefined,
    });
  });
});
