import { describe, expect, test } from 'vitest';
import { visibleParts, withVisibleCharacters } from '../src/lib/visible-characters.ts';

describe('characters that nobody would see', () => {
  test.each([
    ['a right-to-left override, which turns what follows', 'branch-\u202E1-sma', 'branch-⟨U+202E⟩1-sma'],
    ['an isolate', '\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
    ['a zero-width space', 'ams\u200B1', 'ams⟨U+200B⟩1'],
    ['a byte order mark', '\uFEFFams', '⟨U+FEFF⟩ams'],
    ['a soft hyphen', 'ams\u00AD1', 'ams⟨U+00AD⟩1'],
    ['a no-break space, which looks like a plain one', 'ams\u00A01', 'ams⟨U+00A0⟩1'],
    ['a control character', 'ams\u00071', 'ams⟨U+0007⟩1'],
    ['a line break in a text of one line', 'ams\n1', 'ams⟨U+000A⟩1'],
    ['a Hangul filler, which counts as a letter', 'ams\u31641', 'ams⟨U+3164⟩1'],
    ['a blank Braille pattern, which counts as a symbol', 'ams\u28001', 'ams⟨U+2800⟩1'],
    ['a tag character beyond the first plane', 'ams\u{E0041}', 'ams⟨U+E0041⟩'],
    ['half of a surrogate pair', 'ams\uD800', 'ams⟨U+D800⟩'],
  ])('%s shows as its code', (_, text, shown) => {
    expect(withVisibleCharacters(text)).toBe(shown);
  });

  test.each([
    ['letters of any script', 'Zürich 東京 مكتب'],
    ['a letter with a combining mark', 'Zu\u0308rich'],
    ['punctuation and symbols', '10.0.0.0/31 “a” €5 ✓ 🏢'],
  ])('%s stays as it is', (_, text) => {
    expect(withVisibleCharacters(text)).toBe(text);
  });

  test('each code is a part of its own', () => {
    expect(visibleParts('a\u202E\u202Eb')).toEqual([
      { text: 'a', isCode: false },
      { text: '⟨U+202E⟩', isCode: true },
      { text: '⟨U+202E⟩', isCode: true },
      { text: 'b', isCode: false },
    ]);
  });
});
