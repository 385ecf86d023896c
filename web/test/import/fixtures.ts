// Files byte by byte as spreadsheets write them.

export const BOM = '\ufeff';

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function utf16(text: string, order: 'LE' | 'BE' = 'LE'): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index += 1)
    view.setUint16(index * 2, text.charCodeAt(index), order === 'LE');
  return bytes;
}

/** The characters of Windows-1252 that are not at their place in Unicode, as far as they are used here. */
const WINDOWS_1252 = new Map([
  ['€', 0x80],
  ['…', 0x85],
  ['‘', 0x91],
  ['’', 0x92],
  ['“', 0x93],
  ['”', 0x94],
  ['–', 0x96],
]);

export function windows1252(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => WINDOWS_1252.get(character) ?? character.charCodeAt(0));
}

export function file(bytes: Uint8Array<ArrayBuffer> | string, name = 'branches.csv'): File {
  return new File([bytes], name);
}

/** A ZIP archive's first entry, without what is in it. */
export function zipOf(entry: string, content = ''): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(30);
  header.set([0x50, 0x4b, 0x03, 0x04]);
  header[26] = entry.length;
  return new Uint8Array([...header, ...utf8(entry), ...utf8(content), 0, 1, 2, 0]);
}

const HEADERS = ['name', 'description', 'cloudflare_endpoint', 'interface_address', 'bgp.customer_asn'];
const CRLF = '\r\n';

/** What all the files of {@link AS_WRITTEN} hold. */
export const EXPECTED_CELLS = [
  {
    name: 'branch-1',
    description: 'Café “Zürich”',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.0/31',
    'bgp.customer_asn': '65001',
  },
  {
    name: 'branch-2',
    description: 'two\nlines, "quoted"; all',
    cloudflare_endpoint: '198.51.100.1',
    interface_address: '10.0.0.2/31',
    'bgp.customer_asn': '65002',
  },
];
const ROWS = EXPECTED_CELLS.map((cells) => Object.values(cells));

/** Quotes what a spreadsheet quotes in CSV: cells with the delimiter, a quotation mark or a line break. */
export function delimited(rows: readonly (readonly string[])[], delimiter: string, end: string): string {
  const cell = (text: string) =>
    text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(cell).join(delimiter) + end).join('');
}

export interface WrittenFile {
  readonly by: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly summary: string;
}

/** The same table, as each program writes it. */
export const AS_WRITTEN: readonly WrittenFile[] = [
  {
    by: 'Excel, "CSV UTF-8 (comma delimited)"',
    bytes: utf8(BOM + delimited([HEADERS, ...ROWS], ',', CRLF)),
    summary: '2 rows, commas, UTF-8',
  },
  {
    by: 'Excel where the comma is for decimals: semicolons, in the encoding of Windows',
    bytes: windows1252(delimited([HEADERS, ...ROWS], ';', CRLF)),
    summary: '2 rows, semicolons, Windows-1252',
  },
  {
    by: 'Excel, "Unicode Text": UTF-16 with tabs',
    bytes: utf16(BOM + delimited([HEADERS, ...ROWS], '\t', CRLF)),
    summary: '2 rows, tabs, UTF-16',
  },
  {
    by: 'a program that says to Excel what its delimiter is',
    bytes: utf8(`${BOM}sep=;${CRLF}${delimited([HEADERS, ...ROWS], ';', CRLF)}`),
    summary: '2 rows, semicolons, UTF-8',
  },
  {
    by: 'Excel, with trailing delimiters of columns that were once filled, and rows that were cleared',
    bytes: utf8(
      BOM +
        delimited(
          [
            [...HEADERS, '', ''],
            ...ROWS.map((row) => [...row, '', '']),
            ['', '', '', '', '', '', ''],
            [' ', '', '', '\u00a0', '', '', ''],
          ],
          ',',
          CRLF,
        ),
    ),
    summary: '2 rows, commas, UTF-8',
  },
  {
    by: 'LibreOffice Calc: line feeds, every text quoted',
    bytes: utf8(
      [HEADERS, ...ROWS].map((row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\n`).join(''),
    ),
    summary: '2 rows, commas, UTF-8',
  },
  {
    by: 'LibreOffice Calc, UTF-16 of the other order',
    bytes: utf16(BOM + delimited([HEADERS, ...ROWS], ';', '\n'), 'BE'),
    summary: '2 rows, semicolons, UTF-16',
  },
  {
    by: 'Google Sheets: no byte order mark, no line break at the end',
    bytes: utf8(delimited([HEADERS, ...ROWS], ',', CRLF).trimEnd()),
    summary: '2 rows, commas, UTF-8',
  },
  {
    by: 'PowerShell 5: UTF-16, the byte order mark lost on the way',
    bytes: utf16(delimited([HEADERS, ...ROWS], ',', CRLF)),
    summary: '2 rows, commas, UTF-16',
  },
  {
    by: 'Excel for Mac, "CSV (Macintosh)": carriage returns alone',
    bytes: utf8(delimited([HEADERS, ...ROWS], ',', '\r')),
    summary: '2 rows, commas, UTF-8',
  },
];
