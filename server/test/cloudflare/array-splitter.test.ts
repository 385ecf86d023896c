// Whether a JSON text is taken apart into the elements of its array and the rest, wherever its bytes are cut.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitArray } from '../../src/cloudflare/array-splitter.ts';

const MIB = 1024 * 1024;
const PATH = ['result', 'list'];

/** What comes of the text, cut behind these bytes. */
function split(text: string | Buffer, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const splitter = splitArray(PATH);
  const elements: string[] = [];
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let start = 0;
  for (const end of ends) {
    const found = splitter.push(bytes.subarray(start, end));
    if (typeof found === 'string') return found;
    elements.push(...found.map(String));
    start = end;
  }
  return { elements, rest: splitter.rest() };
}

const anyJson = fc.jsonValue({ maxDepth: 3 });
const anyCuts = fc.array(fc.nat(), { maxLength: 20 });

it('takes any list out of any envelope, wherever it is cut', () => {
  const anyEnvelope = fc.dictionary(fc.string(), anyJson, { maxKeys: 4 });
  fc.assert(
    fc.property(
      ...([anyEnvelope, anyEnvelope, fc.array(anyJson), anyEnvelope, fc.constantFrom(0, 2), anyCuts] as const),
      (before, beside, list, behind, indent, cuts) => {
        const { result: _, ...rest } = behind;
        const { list: __, ...others } = beside;
        const envelope = { ...before, result: { ...others, list, last: 1 }, ...rest };
        const outcome = split(JSON.stringify(envelope, null, indent), cuts);
        if (typeof outcome === 'string') throw new Error(outcome);
        expect(outcome.elements.map((element) => JSON.parse(element))).toEqual(JSON.parse(JSON.stringify(list)));
        expect(JSON.parse(outcome.rest)).toEqual(
          JSON.parse(JSON.stringify({ ...envelope, result: { ...others, list: [], last: 1 } })),
        );
      },
    ),
    { numRuns: 300 },
  );
});

it('has all parts of a text be JSON exactly where the whole is', () => {
  const whole = '{"a":"\\\\\\"[","result":{"x":[1],"list":[{"b":"]},\\""}, [2,[]] ,"c\\\\",null]},"z":"é\\u00e9"}';
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      ...([
        fc.nat(whole.length),
        fc.nat(2),
        fc.constantFrom('', ',', '"', '[', ']', '{', '}', '\\', ':', 'x'),
        anyCuts,
      ] as const),
      (at, removed, inserted, cuts) => {
        const text = whole.slice(0, at) + inserted + whole.slice(at + removed);
        const outcome = split(text, cuts);
        const isWholeJson = typeof outcome !== 'string' && [...outcome.elements, outcome.rest].every(isJson);
        expect(isWholeJson).toBe(isJson(text));
      },
    ),
    { numRuns: 2000 },
  );
});

describe('finds the list', () => {
  it.each([
    { text: '{"result":{"list":[]}}', elements: [], why: 'empty' },
    { text: '{"result":{"list":[ \n]}}', elements: [], why: 'empty but for white space' },
    { text: '{"result":{"list":[1]}}', elements: ['1'], why: 'of one' },
    { text: '{"result" :\n{ "list":\t[1, 2]}}', elements: ['1', ' 2'], why: 'behind white space' },
    { text: '{"\\u0072esult":{"l\\u0069st":[1]}}', elements: ['1'], why: 'under names with escapes' },
    { text: '{"errors":[{"list":[2]}],"result":{"list":[1]}}', elements: ['1'], why: 'behind another of that name' },
    { text: '{"result":{"list":[1,]}}', elements: ['1', ''], why: 'with a comma too many, of which an element shows' },
    { text: '{"result":{"list":[,1]}}', elements: ['', '1'], why: 'the same in front' },
    { text: '{"result":{"list":["é"]}}', elements: ['"é"'], why: 'with characters of several bytes' },
  ])('$why', ({ text, elements }) => {
    const everyCut = Array.from(Buffer.from(text), (_byte, index) => index);
    expect(split(text, everyCut)).toMatchObject({ elements });
  });

  it.each([
    { text: '[{"result":{"list":[1]}}]', why: 'in a list' },
    { text: '{"result":[{"list":[1]}]}', why: 'one level too deep' },
    { text: '{"list":[1],"result":null}', why: 'outside the result' },
    { text: '{"result":{"list":{"0":1}}}', why: 'where it is no list' },
    { text: '{"x":"result","y":{"list":[1]}}', why: 'under a value of that name' },
  ])('not $why', ({ text }) => {
    expect(split(text)).toEqual({ elements: [], rest: text });
  });
});

describe('does not split', () => {
  it.each([
    { text: '{"result":{"list":[1],"list":[2]}}', why: 'a list that comes twice', outcome: 'ambiguous' },
    { text: '{"result":{"list":[]},"result":{"list":[2]}}', why: 'a result that comes twice', outcome: 'ambiguous' },
    { text: `{"result":{"list":["${'x'.repeat(MIB)}`, why: 'an element without an end', outcome: 'too long' },
    { text: `{"x":"${'x'.repeat(MIB)}`, why: 'a list that never comes', outcome: 'too long' },
  ])('$why', ({ text, outcome }) => {
    expect(split(text, [text.length / 2, text.length / 3])).toBe(outcome);
  });
});
