import { expect, test } from 'vitest';
import { withUniqueKeys } from '../src/lib/unique-keys.ts';

const keysOf = (items: readonly string[]) => withUniqueKeys(items, (item) => item).map(({ key }) => key);

test('no two items share a key, whatever they say', () => {
  for (const items of [
    ['a', 'a', 'a'],
    ['a', '2:a', 'a', '1:a'],
    ['', ''],
    ['1:a', 'a', 'a', '1:a', '2:a', '2:1:a'],
  ]) {
    expect(new Set(keysOf(items)).size).toBe(items.length);
  }
});

test('an item keeps its key when others come and go before it', () => {
  expect(keysOf(['x', 'a', 'b']).slice(1)).toEqual(keysOf(['a', 'b']));
});
