import { expect, it } from 'vitest';
import { rememberKeys } from '../../src/cloudflare/recent-keys.ts';

const MINUTE = 60_000;

function heldKeys(recent: ReturnType<typeof rememberKeys>, keys: readonly string[]): string[] {
  return keys.filter((key) => recent.all().some(({ secret }) => secret.is(key)));
}

it('remembers a key for 15 minutes after it was last sent, and then holds it no more', () => {
  let now = 0;
  const recent = rememberKeys(() => now);
  recent.add({ psk: 'first-key' });
  now = 10 * MINUTE;
  recent.add({ psk: 'second-key' });
  now = 15 * MINUTE;
  expect(heldKeys(recent, ['first-key', 'second-key'])).toEqual(['second-key']);
});

it('remembers the last 32 at most', () => {
  const recent = rememberKeys(() => 0);
  const keys = Array.from({ length: 40 }, (_, index) => `key-number-${index}`);
  for (const psk of keys) recent.add({ psk });
  expect(heldKeys(recent, keys)).toEqual(keys.slice(-32));
});

it('has nothing to remember of a tunnel without a key', () => {
  const recent = rememberKeys(() => 0);
  expect(recent.add({})).toEqual([]);
  expect(recent.all()).toEqual([]);
});
