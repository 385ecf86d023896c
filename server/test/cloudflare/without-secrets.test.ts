import { describe, expect, it } from 'vitest';
import { repeatsSecret, withoutSecrets } from '../../src/cloudflare/without-secrets.ts';

const SECRET = 'correct-horse';
const REDACTED = '[redacted]';

describe('parsing without secrets', () => {
  it.each([
    ['what holds none', '{"a":[1,true,null,"text"]}', { a: [1, true, null, 'text'] }],
    ['a value', `{"a":"${SECRET}"}`, { a: REDACTED }],
    ['a part of a value', `{"a":"x${SECRET}y${SECRET}"}`, { a: `x${REDACTED}y${REDACTED}` }],
    ['a bare string', `"${SECRET}"`, REDACTED],
    ['an entry of a list', `[["${SECRET}"]]`, [[REDACTED]]],
    ['a key', `{"${SECRET}":{"${SECRET}":1}}`, { [REDACTED]: { [REDACTED]: 1 } }],
    ['a spelling with escapes', '{"a":"\\u0063orrect\\u002dhorse"}', { a: REDACTED }],
    ['a key named psk, whatever its value', '{"psk":"other","a":[{"psk":{"b":1}}]}', { a: [{}] }],
    ['a key named psk by escapes', '{"\\u0070sk":"other"}', {}],
    ['no key that only begins so', '{"psk_metadata":{"last":1}}', { psk_metadata: { last: 1 } }],
    ['numbers, which are left', '{"a":12345678}', { a: 12345678 }],
  ])('blacks out %s', (_what, text, expected) => {
    expect(withoutSecrets(text, [SECRET, '12345678'])).toEqual(expected);
  });

  it('recognises a secret in JSON that stands in a string', () => {
    const secret = 'a "quoted" \\ secret';
    const text = JSON.stringify({ echo: JSON.stringify({ key: secret }) });
    expect(withoutSecrets(text, [secret])).toEqual({ echo: `{"key":"${REDACTED}"}` });
  });

  it('takes a short secret only for the whole of a string, or in a message', () => {
    const text = JSON.stringify({ id: 'abcdef', a: 'abc', abc: 1, message: 'not abc' });
    expect(withoutSecrets(text, ['abc'])).toEqual({ id: 'abcdef', a: REDACTED, abc: 1, message: `not ${REDACTED}` });
  });

  it.each(['', '<html>', '{"a":', 'undefined'])('takes %j for no JSON', (text) => {
    expect(withoutSecrets(text, [SECRET])).toBeUndefined();
  });

  it('gives no key of the text a meaning of its own', () => {
    const parsed = withoutSecrets(`{"__proto__":{"polluted":true},"psk":1}`, []);
    expect(parsed).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a header', () => {
  it.each([
    ['the secret', SECRET, true],
    ['the secret among other words', `Bearer ${SECRET}`, true],
    ['a short secret', 'abc', true],
    ['a word in which a short secret occurs', 'abcdef', false],
    ['another word', 'horse', false],
  ])('that is %s repeats it: %s → %s', (_what, value, expected) => {
    expect(repeatsSecret(value, [SECRET, 'abc'])).toBe(expected);
  });
});
