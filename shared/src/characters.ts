// Characters that a person cannot see, or mistakes for others: which they are, and what to call them.

/** Control and format characters, blanks other than the plain one, and what Unicode lets a font leave out. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'null'],
  [0x09, 'tab'],
  [0x0a, 'line feed'],
  [0x0d, 'carriage return'],
  [0xa0, 'no-break space'],
  [0xad, 'soft hyphen'],
  [0x061c, 'Arabic letter mark'],
  [0x2002, 'en space'],
  [0x2003, 'em space'],
  [0x2007, 'figure space'],
  [0x2008, 'punctuation space'],
  [0x2009, 'thin space'],
  [0x200a, 'hair space'],
  [0x200b, 'zero-width space'],
  [0x200c, 'zero-width non-joiner'],
  [0x200d, 'zero-width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'pop directional formatting'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x202f, 'narrow no-break space'],
  [0x2060, 'word joiner'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'pop directional isolate'],
  [0x3000, 'ideographic space'],
  [0x3164, 'Hangul filler'],
  [0xfe0f, 'variation selector'],
  [0xfeff, 'byte order mark'],
]);

const QUOTATION_MARKS: ReadonlyMap<string, string> = new Map([
  ...[...'“”„‟'].map((mark): [string, string] => [mark, 'curly quotation mark']),
  ...[...'‘’‚‛'].map((mark): [string, string] => [mark, 'curly apostrophe']),
  ...[...'«»‹›'].map((mark): [string, string] => [mark, 'angle quotation mark']),
]);

/** The characters that change the direction in which the text around them is shown (UAX #9). */
const DIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A character and where it stands, counted from 1 in whole characters. */
export interface PlacedCharacter {
  readonly character: string;
  readonly position: number;
}

/** Every character of the text that nobody sees; a plain blank is seen. */
export function invisibleCharacters(text: string): PlacedCharacter[] {
  return [...text].flatMap((character, index) => (isInvisible(character) ? [{ character, position: index + 1 }] : []));
}

/** The first character that only looks like one of ASCII, or cannot be seen; else the first blank. */
export function firstOddCharacter(text: string): PlacedCharacter | undefined {
  const characters = [...text];
  const beyondAscii = characters.findIndex((character) => !/^[ -~]$/.test(character));
  const index = beyondAscii === -1 ? characters.indexOf(' ') : beyondAscii;
  const character = characters[index];
  return character === undefined ? undefined : { character, position: index + 1 };
}

/** Whether the text holds a character that can show other characters in another order than they are in. */
export function changesDirection(text: string): boolean {
  return DIRECTIONAL.test(text);
}

/** What to call a character: `the invisible character U+202E (right-to-left override)`, `a curly apostrophe (’, U+2019)`. */
export function describeCharacter(character: string): string {
  if (character === ' ') return 'a blank';
  const code = codeOf(character);
  if (isInvisible(character)) {
    const name = NAMES.get(character.codePointAt(0) ?? 0);
    return `the invisible character ${code}${name === undefined ? '' : ` (${name})`}`;
  }
  const mark = QUOTATION_MARKS.get(character);
  if (mark !== undefined) return `${mark.startsWith('a') ? 'an' : 'a'} ${mark} (${character}, ${code})`;
  if (isFullWidth(character)) return `the full-width “${character}” (${code})`;
  return `“${character}” (${code})`;
}

/** The text with every invisible character written out, `10.0.0.0⟨U+200B⟩/31`, so that it can be shown without misleading. */
export function revealInvisible(text: string): string {
  return replaceInvisible(text, (character) => `⟨${codeOf(character)}⟩`);
}

/** The text with every invisible character replaced by what the function makes of it. */
export function replaceInvisible(text: string, replace: (character: string) => string): string {
  return text.replace(INVISIBLE, replace);
}

/** The text without characters that take no room; blanks of every width become plain ones, and full-width ASCII plain ASCII. */
export function plainText(text: string): string {
  return text
    .replace(/[\t-\r\p{Z}]/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0));
}

function isInvisible(character: string): boolean {
  return character.replace(INVISIBLE, '') === '';
}

function isFullWidth(character: string): boolean {
  return /^[\uff01-\uff5e]$/.test(character);
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
