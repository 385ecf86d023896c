import { expect, it } from 'vitest';
import * as field from '../../../src/ipsec-tunnels/fields.ts';

it.each([
  ['10.0.0.0\u200b/31', 'character 9 is the invisible character U+200B', 'a zero-width space, as web pages hold them'],
  ['\ufeff10.0.0.0/31', 'character 1 is the invisible character U+FEFF', 'a byte-order mark'],
  ['10.0.0.0\u00a0/31', 'character 9 is the invisible character U+00A0', 'a no-break space'],
])('an address that only looks right, %j, says %s: %s', (text, said) => {
  const { error } = field.interfaceAddress('reference').safeParse(text);
  expect(error?.issues[0]?.message).toContain(said);
});

it('a plain blank is not called invisible', () => {
  const { error } = field.interfaceAddress('reference').safeParse('10.0.0.0 /31');
  expect(error?.issues[0]?.message).toContain('"10.0.0.0 /31" is not');
});
