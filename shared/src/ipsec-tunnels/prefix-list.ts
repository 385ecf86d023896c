// A pasted list of prefixes: its entries, and where each stands in the text.

import { plainText } from '../characters.ts';

const QUOTES_AND_BRACKETS = '"\'`“”„‟‘’‚‛«»‹›()\\[\\]{}<>';
/** A blank of any width, but no line break. */
const BLANK = '[^\\S\\r\\n]';
/** What is no separator; those of an East Asian keyboard are some too. */
const REST = '[^\\s,;，、；]';
const NETMASK = '(?:255(?:\\.\\d+){3}|(?:0|128|192|224|240|248|252|254)\\.0\\.0\\.0)(?![\\d.])';
/** An address with its netmask behind a blank, as routers print it; a prefix with blanks around its slash; anything else. */
const WORD = new RegExp(
  [
    `[${QUOTES_AND_BRACKETS}]*\\d+(?:\\.\\d+){3}${BLANK}+${NETMASK}${REST}*`,
    `[^\\s,;，、；/]+${BLANK}*/${BLANK}*\\d{1,3}(?![\\d.:])${REST}*`,
    `${REST}+`,
  ].join('|'),
  'g',
);

const BULLETS = '*+•–—·▪‣◦●○-';
/** What stands around the entries of a list and is none: brackets and quotation marks, bullets, numbers. */
const ORNAMENT = new RegExp(`^(?:[${QUOTES_AND_BRACKETS}]+|[${BULLETS}]+|\\d{1,3}[.)])$`);
const CLOSING_ORNAMENTS = new RegExp(`^[${QUOTES_AND_BRACKETS}\\s,;]+$`);
const ORNAMENTS_AROUND = new RegExp(
  `^(?:[${QUOTES_AND_BRACKETS}\\s]+|[${BULLETS}]+\\s+|\\d{1,3}[.)]\\s+)+|[${QUOTES_AND_BRACKETS}\\s,;]+$`,
  'g',
);

interface Entry {
  readonly start: number;
  readonly end: number;
}

/** The entries of the text, as written, separated by commas, semicolons, blanks or lines. */
export function splitPrefixes(text: string): string[] {
  return entriesOf(text).map(({ start, end }) => text.slice(start, end));
}

/** The text with the entry at the index replaced, and everything between the entries as it was. */
export function replaceEntry(text: string, index: number, replacement: string): string {
  const entry = entriesOf(text)[index];
  return entry === undefined ? text : text.slice(0, entry.start) + replacement + text.slice(entry.end);
}

/** An entry without the bullet, number, brackets and quotation marks around it. */
export function withoutOrnaments(entry: string): string {
  return plainText(entry).replace(ORNAMENTS_AROUND, '');
}

/** Words, each with the ornaments before it, and the last with the brackets behind it, so that nothing typed is in no entry. */
function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  let start: number | undefined;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    start ??= index;
    if (ORNAMENT.test(word)) continue;
    entries.push({ start, end: index + word.length });
    start = undefined;
  }
  if (start === undefined) return entries;
  const end = text.trimEnd().length;
  const last = entries.at(-1);
  const closesLast = last !== undefined && CLOSING_ORNAMENTS.test(text.slice(start));
  return closesLast ? [...entries.slice(0, -1), { start: last.start, end }] : [...entries, { start, end }];
}
