import { describe, expect, it } from 'vitest';
import {
  changesDirection,
  describeCharacter,
  firstOddCharacter,
  invisibleCharacters,
  plainText,
  revealInvisible,
} from '../src/characters.ts';

describe('describeCharacter', () => {
  it.each([
    [' ', 'a blank'],
    ['\t', 'the invisible character U+0009 (tab)'],
    ['\u00a0', 'the invisible character U+00A0 (no-break space)'],
    ['\u200b', 'the invisible character U+200B (zero-width space)'],
    ['\u202e', 'the invisible character U+202E (right-to-left override)'],
    ['\u2066', 'the invisible character U+2066 (left-to-right isolate)'],
    ['\ufeff', 'the invisible character U+FEFF (byte order mark)'],
    ['\u{e0041}', 'the invisible character U+E0041'],
    ['“', 'a curly quotation mark (“, U+201C)'],
    ['’', 'a curly apostrophe (’, U+2019)'],
    ['«', 'an angle quotation mark («, U+00AB)'],
    ['１', 'the full-width “１” (U+FF11)'],
    ['é', '“é” (U+00E9)'],
    ['🔑', '“🔑” (U+1F511)'],
  ])('calls %j %s', (character, name) => {
    expect(describeCharacter(character)).toBe(name);
  });
});

describe('invisible characters', () => {
  it('are found with their positions, in whole characters', () => {
    expect(invisibleCharacters('🔑\u200ba b\u202e')).toEqual([
      { character: '\u200b', position: 2 },
      { character: '\u202e', position: 6 },
    ]);
  });

  it.each(['a plain blank', 'é', 'e\u0301', '漢字', '①', '\ue000'])('are not in %j', (text) => {
    expect(invisibleCharacters(text)).toEqual([]);
    expect(revealInvisible(text)).toBe(text);
  });

  it.each(['\u3164', '\u115f', '\u2800', '\u180e', '\u2003', '\u2028', '\u00ad', '\0'])('are those like %j', (text) => {
    expect(invisibleCharacters(text)).toHaveLength(1);
  });

  it('are written out for a text that is shown', () => {
    expect(revealInvisible('to \u202emadretsmA')).toBe('to ⟨U+202E⟩madretsmA');
  });

  it('that change the direction are told from the others', () => {
    expect(['\u200e', '\u202a', '\u202e', '\u2066', '\u2069', '\u061c'].every(changesDirection)).toBe(true);
    expect(['\u200b', '\n', 'שלום', 'a'].some(changesDirection)).toBe(false);
  });
});

describe('firstOddCharacter', () => {
  it.each([
    ['10.0.0.0\u200b/31', { character: '\u200b', position: 9 }],
    ['1 ０', { character: '０', position: 3 }],
    ['1 2', { character: ' ', position: 2 }],
    ['10.0.0.0/31', undefined],
  ])('of %j is %j', (text, odd) => {
    expect(firstOddCharacter(text)).toEqual(odd);
  });
});

describe('plainText', () => {
  it.each([
    ['１０．０.0.0／31', '10.0.0.0/31', 'full-width forms'],
    ['a\u00a0b\tc\u3000d', 'a b c d', 'blanks of every width'],
    ['\ufeff10\u200b.0\u202e', '10.0', 'what takes no room'],
    ['10²', '10²', 'a power is no digit'],
  ])('of %j is %j: %s', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});
