import { expect, test } from 'vitest';
import { shortId } from '../src/lib/short-id.ts';

test('two accounts whose IDs begin alike look different', () => {
  expect(shortId('5a4db0c0000000000000000000000001')).toBe('…00000001');
  expect(shortId('5a4db0c0000000000000000000000002')).toBe('…00000002');
});

test('an ID that is short already is shown whole', () => {
  expect(shortId('89abcdef')).toBe('89abcdef');
});
