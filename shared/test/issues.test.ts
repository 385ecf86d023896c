import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  closedObject,
  fromPointer,
  type Issue,
  issueText,
  reportIssue,
  textField,
  toIssues,
  toPointer,
  typeMessage,
  type ValueIssue,
} from '../src/issues.ts';

function issuesOf(schema: z.ZodType, value: unknown): Issue[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : toIssues(parsed.error);
}

describe('toPointer', () => {
  it.each([
    { path: [], pointer: '', why: 'the whole document' },
    { path: ['name'], pointer: '/name', why: 'a key' },
    { path: ['bgp', 'extra_prefixes', 1], pointer: '/bgp/extra_prefixes/1', why: 'an index' },
    { path: [''], pointer: '/', why: 'the empty key' },
    { path: ['a/b'], pointer: '/a~1b', why: 'a slash is escaped' },
    { path: ['a~b'], pointer: '/a~0b', why: 'a tilde is escaped' },
    { path: ['~1'], pointer: '/~01', why: 'what looks like an escape is escaped itself' },
  ])('writes $path as "$pointer": $why (RFC 6901)', ({ path, pointer }) => {
    expect(toPointer(path)).toBe(pointer);
  });
});

describe('fromPointer', () => {
  it.each([
    { pointer: '', path: [], why: 'the whole document' },
    { pointer: '/bgp/md5_key', path: ['bgp', 'md5_key'], why: 'keys' },
    { pointer: '/bgp/extra_prefixes/1', path: ['bgp', 'extra_prefixes', '1'], why: 'an index stays text' },
    { pointer: '/', path: [''], why: 'the empty key' },
    { pointer: '/a~1b~0c', path: ['a/b~c'], why: 'escapes' },
    { pointer: '/~01', path: ['~1'], why: '~01 is ~1, never /' },
  ])('reads "$pointer" as $path: $why (RFC 6901)', ({ pointer, path }) => {
    expect(fromPointer(pointer)).toEqual(path);
  });

  it('reads back every path that toPointer writes', () => {
    const keys = fc.oneof(fc.string(), fc.stringMatching(/^[~/01]{0,6}$/));
    fc.assert(
      fc.property(fc.array(keys), (path) => {
        expect(fromPointer(toPointer(path))).toEqual(path);
      }),
    );
  });
});

describe('issueText', () => {
  it('puts the suggestion behind the message', () => {
    expect(issueText({ message: 'host bits are set', suggestion: '10.0.0.0/8' })).toBe('host bits are set: 10.0.0.0/8');
  });

  it('is the message alone where no fix is certain', () => {
    expect(issueText({ message: 'this is required' })).toBe('this is required');
  });

  it('shows an empty suggestion too', () => {
    expect(issueText({ message: 'leave it empty', suggestion: '' })).toBe('leave it empty: ');
  });
});

describe('typeMessage', () => {
  it.each([
    { input: undefined, message: 'this is required', why: 'absent' },
    { input: null, message: 'must be a string, not null: leave the key out instead', why: 'null is not absent' },
    { input: 5, message: 'must be a string, not a number', why: 'a number' },
    { input: true, message: 'must be a string, not a boolean', why: 'a boolean' },
    { input: [], message: 'must be a string, not an array', why: 'an array' },
    { input: {}, message: 'must be a string, not an object', why: 'an object' },
  ])('says "$message": $why', ({ input, message }) => {
    expect(typeMessage('a string')({ input })).toBe(message);
  });

  it('says of a missing value what the field itself wants said', () => {
    expect(typeMessage('a string', 'a name is required')({ input: undefined })).toBe('a name is required');
  });
});

describe('textField', () => {
  const shout = textField(
    (text): ValueIssue | undefined =>
      text === text.toUpperCase() ? undefined : { message: 'must be capitals', suggestion: text.toUpperCase() },
    'say something',
  );

  it('accepts a text its rule finds no issue with, as it is', () => {
    expect(shout.parse(' HELLO ')).toBe(' HELLO ');
  });

  it('reports the issue of its rule with the suggestion', () => {
    expect(issuesOf(shout, 'hello')).toEqual([{ path: [], message: 'must be capitals', suggestion: 'HELLO' }]);
  });

  it('says what it wants when the value is missing', () => {
    expect(issuesOf(shout, undefined)).toMatchObject([{ message: 'say something' }]);
  });

  it('does not trouble its rule with what is no text', () => {
    expect(issuesOf(shout, 5)).toMatchObject([{ message: 'must be a string, not a number' }]);
  });
});

describe('closedObject', () => {
  const point = closedObject({ x: z.number(), y: z.number().optional() }, 'a point is required');

  it('accepts the keys it knows', () => {
    expect(point.parse({ x: 1, y: 2 })).toStrictEqual({ x: 1, y: 2 });
  });

  it('names each unknown key at its place and says which are known', () => {
    expect(issuesOf(z.object({ at: point }), { at: { x: 1, z: 3, w: 4 } })).toEqual([
      { path: ['at', 'z'], message: 'unknown key; known here: x, y' },
      { path: ['at', 'w'], message: 'unknown key; known here: x, y' },
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('does not overlook the key %s of a JSON text', (key) => {
    expect(issuesOf(point, JSON.parse(`{ "x": 1, "${key}": {} }`))).toMatchObject([{ path: [key] }]);
  });

  it.each([
    { value: undefined, message: 'a point is required' },
    { value: null, message: 'must be an object, not null: leave the key out instead' },
    { value: [], message: 'must be an object, not an array' },
    { value: 'x', message: 'must be an object, not a string' },
  ])('says "$message" of $value', ({ value, message }) => {
    expect(issuesOf(point, value)).toMatchObject([{ path: [], message }]);
  });
});

describe('toIssues', () => {
  it('lists every wrong value with its path', () => {
    const schema = z.object({ list: z.array(textField(() => ({ message: 'wrong' }))), flag: z.boolean() });
    const issues = issuesOf(schema, { list: ['a', 'b'], flag: 'x' });
    expect(issues.map(({ path }) => path)).toEqual([['list', 0], ['list', 1], ['flag']]);
  });

  it('passes on only suggestions that are text', () => {
    const schema = z.string().superRefine((_, context) => {
      context.addIssue({ code: 'custom', message: 'wrong', params: { suggestion: 5 } });
      context.addIssue({ code: 'custom', message: 'wrong without more' });
      reportIssue(context, { message: 'wrong with a fix', suggestion: 'right' });
    });
    expect(issuesOf(schema, '').map(({ suggestion }) => suggestion)).toEqual([undefined, undefined, 'right']);
  });
});
