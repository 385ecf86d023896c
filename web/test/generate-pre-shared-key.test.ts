import { expect, it } from 'vitest';
import { generatePreSharedKey } from '../src/ipsec-tunnels/form/generate-pre-shared-key.ts';

it('makes 40 letters and digits, different every time, and uses the whole alphabet', () => {
  const keys = Array.from({ length: 500 }, generatePreSharedKey);
  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(keys.join('')).size).toBe(62);
});
