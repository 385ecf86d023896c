// Where a text stops being JSON. Each browser says it in words of its own, some not at all, and some repeat what stands
// there, which may be a key.

export interface Position {
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
}

const BLANKS = /[\t\n\r ]*/y;
const PUNCTUATION = '[[\\]{},:]';
const STRING = '"(?:[^"\\\\\\p{Cc}]|\\\\(?:["\\\\/bfnrt]|u[\\da-fA-F]{4}))*"';
const NUMBER_OR_WORD = '(?:-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null)(?![\\w.])';
const TOKEN = new RegExp(`${PUNCTUATION}|${STRING}|${NUMBER_OR_WORD}`, 'uy');

/** The first place at which the text cannot go on as it does; its end, where something is missing there. */
export function jsonErrorPosition(text: string): Position {
  const before = text.slice(0, errorIndex(text));
  const lines = before.split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function errorIndex(text: string): number {
  const open: string[] = [];
  let expected: Expected | undefined = 'value';
  let index = 0;
  for (;;) {
    BLANKS.lastIndex = index;
    BLANKS.exec(text);
    index = BLANKS.lastIndex;
    TOKEN.lastIndex = index;
    const [token] = TOKEN.exec(text) ?? [];
    if (token !== undefined) expected = next(expected, token, open);
    if (token === undefined || expected === undefined) return index;
    index += token.length;
  }
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** What may come behind the token, if it may come itself; `open` has the brackets that are open, and is kept so. */
function next(expected: Expected, token: string, open: string[]): Expected | undefined {
  const mayEnd = expected.endsWith('end') && (token === ']' || token === '}');
  if (mayEnd) {
    if (open.pop() !== (token === ']' ? '[' : '{')) return undefined;
    return open.length === 0 ? 'nothing' : 'comma or end';
  }
  switch (expected) {
    case 'value':
    case 'value or end':
      if (token === '[' || token === '{') {
        open.push(token);
        return token === '[' ? 'value or end' : 'key or end';
      }
      if (/^[\]},:]/.test(token)) return undefined;
      return open.length === 0 ? 'nothing' : 'comma or end';
    case 'key':
    case 'key or end':
      return token.startsWith('"') ? 'colon' : undefined;
    case 'colon':
      return token === ':' ? 'value' : undefined;
    case 'comma or end':
      if (token !== ',') return undefined;
      return open.at(-1) === '[' ? 'value' : 'key';
    case 'nothing':
      return undefined;
  }
}
