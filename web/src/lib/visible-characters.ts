// Makes characters visible that would otherwise show as nothing, as a blank, or turn the text around them.

/** Anything that isn't a letter, mark, digit, punctuation, symbol or plain space, and what Unicode has displays ignore. */
const UNSEEN = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\p{Default_Ignorable_Code_Point}\u2800]/u;
const UNSEEN_RUNS = new RegExp(`(${UNSEEN.source})`, 'u');

/** A part of a text: as it stands, or the code of one character that nobody would see. */
export interface TextPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** The text in parts: `a\u202Eb` is `a`, the code `⟨U+202E⟩`, and `b`. */
export function visibleParts(text: string): TextPart[] {
  return text
    .split(UNSEEN_RUNS)
    .map((part) => (UNSEEN.test(part) ? { text: codeOf(part), isCode: true } : { text: part, isCode: false }))
    .filter((part) => part.text !== '');
}

/** The text with those codes in it, for where there is only text: the page's title, an option of a list. */
export function withVisibleCharacters(text: string): string {
  return visibleParts(text)
    .map((part) => part.text)
    .join('');
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
