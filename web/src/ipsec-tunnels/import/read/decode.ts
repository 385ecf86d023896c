// The bytes of a file as text: by its byte order mark, else as UTF-8, else by a guess, which is said.

export type Decoded = DecodedText | { readonly refused: string };

export interface DecodedText {
  readonly text: string;
  /** `UTF-8`, `UTF-16` or `Windows-1252`. */
  readonly encoding: string;
  /** Whether nothing in the file says so. */
  readonly isGuess: boolean;
}

/** Spreadsheets of 2,000 rows take less than a megabyte, responses of as many tunnels less than four. */
export const MAX_BYTES = 8 * 1024 * 1024;
/** Where the first texts are; enough to tell what kind of file it is. */
const SAMPLE_LENGTH = 1024;

/** What begins like this is no text, or none that has rows. The first that matches. */
const OTHER_KINDS: readonly { readonly start: string; readonly within?: string; readonly words: string }[] = [
  {
    start: 'PK\u0003\u0004',
    within: 'opendocument.spreadsheet',
    words: 'This is an OpenDocument spreadsheet. Save it as CSV, in UTF-8, and choose that.',
  },
  {
    start: 'PK\u0003\u0004',
    within: 'xl/',
    words: 'This is an Excel workbook. Save it as CSV UTF-8 and choose that.',
  },
  {
    start: 'PK\u0003\u0004',
    within: 'Index/',
    words: 'This is a Numbers spreadsheet. Export it as CSV, in UTF-8, and choose that.',
  },
  { start: 'PK\u0003\u0004', words: 'This is a ZIP archive. Unpack it, and choose the CSV, TSV or JSON file in it.' },
  { start: '\u001f\u008b', words: 'This file is compressed. Unpack it, and choose the CSV, TSV or JSON file in it.' },
  {
    start: '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1',
    words: 'This is an Excel workbook of an older kind, or one with a password. Save it as CSV UTF-8 and choose that.',
  },
  { start: '%PDF-', words: 'This is a PDF. Export the table that it was made from as CSV, and choose that.' },
  { start: '{\\rtf', words: 'This is formatted text (RTF). Save it as plain text, and choose that.' },
];

/** The text, without its byte order mark; or why the file cannot be read, and what to do. */
export function decode(bytes: Uint8Array): Decoded {
  const otherKind = otherKindOf(bytes);
  if (otherKind !== undefined) return { refused: otherKind };
  if (bytes.length > MAX_BYTES) {
    return {
      refused: `This file is larger than ${MAX_BYTES / 1024 / 1024} MB. Split it, and import the parts one by one.`,
    };
  }
  const marked = MARKS.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
  const decoded = marked === undefined ? decodeUnmarked(bytes) : decodeAs(bytes, marked, false);
  if ('refused' in decoded || marked !== undefined) return decoded;
  return decoded.text.slice(0, SAMPLE_LENGTH).includes('\0')
    ? { refused: 'This is not a text file. Choose a CSV, TSV or JSON file.' }
    : decoded;
}

/** The byte order marks of the encodings; the decoder leaves them out. */
const MARKS = [
  { mark: [0xef, 0xbb, 0xbf], label: 'utf-8', encoding: 'UTF-8' },
  { mark: [0xff, 0xfe], label: 'utf-16le', encoding: 'UTF-16' },
  { mark: [0xfe, 0xff], label: 'utf-16be', encoding: 'UTF-16' },
];

function decodeUnmarked(bytes: Uint8Array): Decoded {
  const utf16 = unmarkedUtf16(bytes);
  if (utf16 !== undefined) return decodeAs(bytes, { label: utf16, encoding: 'UTF-16' }, true);
  const text = textOf(bytes, 'utf-8');
  if (text !== undefined) return { text, encoding: 'UTF-8', isGuess: false };
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252', isGuess: true };
}

/** What is broken is refused: a key with a replacement character in it would be another key. */
function decodeAs(
  bytes: Uint8Array,
  { label, encoding }: { readonly label: string; readonly encoding: string },
  isGuess: boolean,
): Decoded {
  const text = textOf(bytes, label);
  if (text !== undefined) return { text, encoding, isGuess };
  return {
    refused: `Some characters of this file are broken: it is in ${encoding}, but not all of it. Save it as CSV UTF-8 again, and choose that.`,
  };
}

/** `undefined` where not all of the bytes are text of this encoding. */
function textOf(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** In UTF-16 every second byte of plain letters is null: which one says in which order the bytes are. */
function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, SAMPLE_LENGTH);
  const nulls = { even: 0, odd: 0 };
  for (const [index, byte] of sample.entries()) if (byte === 0) nulls[index % 2 === 0 ? 'even' : 'odd'] += 1;
  const many = sample.length / 4;
  const few = sample.length / 32;
  if (nulls.odd >= many && nulls.even <= few) return 'utf-16le';
  return nulls.even >= many && nulls.odd <= few ? 'utf-16be' : undefined;
}

function otherKindOf(bytes: Uint8Array): string | undefined {
  const head = latin1(bytes.subarray(0, SAMPLE_LENGTH));
  const candidates = OTHER_KINDS.filter(({ start }) => head.startsWith(start));
  if (candidates.length === 0) return undefined;
  // An archive names its files before each, and all of them at its end.
  const whole = latin1(bytes);
  return candidates.find(({ within = '' }) => whole.includes(within))?.words;
}

/** A character for each byte. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  // In parts, because a call takes only so many arguments.
  for (let from = 0; from < bytes.length; from += SAMPLE_LENGTH) {
    text += String.fromCharCode(...bytes.subarray(from, from + SAMPLE_LENGTH));
  }
  return text;
}
