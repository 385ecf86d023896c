// Files as spreadsheets write them.

/** What a European Excel saves as "CSV (semicolon delimited)": Windows-1252, CRLF, and quotation marks only where they are needed. */
export function excelCsv(rows: readonly (readonly string[])[]): Buffer {
  const text = rows.map((cells) => `${cells.map(quoted).join(';')}\r\n`).join('');
  return Buffer.from(Array.from(text, windows1252));
}

function quoted(cell: string): string {
  return /[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Of the characters that Windows-1252 has where Latin-1 has none, those that are typed; the others are alike in both. */
const TYPED = new Map(
  [...'€‚„…‘’“”•–—'].map((character, index) => [
    character,
    [0x80, 0x82, 0x84, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97][index],
  ]),
);

function windows1252(character: string): number {
  const code = TYPED.get(character) ?? character.charCodeAt(0);
  if (code > 0xff) throw new Error(`Windows-1252 has no ${character}`);
  return code;
}
