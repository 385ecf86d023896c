import { describe, expect, it } from 'vitest';
import { hiddenSecret } from '../../src/cloudflare/hidden-secret.ts';
import { repeatsSecret, type Sought, valuesIn, withoutSecrets } from '../../src/cloudflare/without-secrets.ts';
import { TUNNEL } from '../support/samples.ts';

const SECRET = 'correct-horse';
const REDACTED = '[redacted]';

function soughtFor(secrets: readonly string[], sent: unknown = {}, isOfOtherCall = false): Sought[] {
  return secrets.map((secret) => ({ secret: hiddenSecret(secret), sent: valuesIn(sent), isOfOtherCall }));
}

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
    ['a number', '{"a":12345678,"b":1.2345678e7,"c":[1234567]}', { a: 0, b: 0, c: [1_234_567] }],
    ['a number as a code', '{"errors":[{"code":12345678}]}', { errors: [{ code: 0 }] }],
    ['a number among the digits of another', '{"a":9912345678}', { a: 0 }],
  ])('blacks out %s', (_what, text, expected) => {
    expect(withoutSecrets(text, soughtFor([SECRET, '12345678']))).toEqual(expected);
  });

  it('recognises a secret in JSON that stands in a string', () => {
    const secret = 'a "quoted" \\ secret';
    const text = JSON.stringify({ echo: JSON.stringify({ key: secret }) });
    expect(withoutSecrets(text, soughtFor([secret]))).toEqual({ echo: `{"key":"${REDACTED}"}` });
  });

  it('takes a short secret out of every string, but for what tells which tunnel it is', () => {
    const result = { ...TUNNEL, c4a: 1, note: 'psk c4a', rate: 'c4a' };
    const text = JSON.stringify({ success: true, errors: [{ code: 1001, message: 'not c4a' }], result });
    expect(withoutSecrets(text, soughtFor(['c4a'], { name: TUNNEL.name }))).toEqual({
      success: true,
      errors: [{ code: 1001, message: `not ${REDACTED}` }],
      result: { ...TUNNEL, [REDACTED]: 1, note: `psk ${REDACTED}`, rate: REDACTED },
    });
  });

  it('leaves what the call itself sent: a key that is the name is no secret', () => {
    const text = JSON.stringify({ ...TUNNEL, note: TUNNEL.name, bgp: { customer_asn: 65001 } });
    const sent = { name: TUNNEL.name, bgp: { customer_asn: 65001 } };
    expect(withoutSecrets(text, soughtFor([TUNNEL.name, '65001'], sent))).toEqual(JSON.parse(text));
  });

  it("leaves Cloudflare's own names of fields", () => {
    const text = JSON.stringify({ success: true, errors: [], messages: [], result: TUNNEL });
    expect(withoutSecrets(text, soughtFor(['interface_address', 'success', 'name']))).toEqual(JSON.parse(text));
    const lists = '{"result":{"gre_tunnels":[],"interconnects":[],"routes":[]}}';
    expect(withoutSecrets(lists, soughtFor(['gre', 'interconnects', 'routes']))).toEqual(JSON.parse(lists));
  });

  it("takes a short key of another call out of what is no tunnel's field, and out of one that it is alone", () => {
    const text = JSON.stringify({ ...TUNNEL, name: 'branch-7', description: 'branch', note: 'psk branch' });
    const cleaned = { ...TUNNEL, name: 'branch-7', description: REDACTED, note: `psk ${REDACTED}` };
    expect(withoutSecrets(text, soughtFor(['branch'], {}, true))).toEqual(cleaned);
  });

  it.each(['', '<html>', '{"a":', 'undefined'])('takes %j for no JSON', (text) => {
    expect(withoutSecrets(text, soughtFor([SECRET]))).toBeUndefined();
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
    ['a word in which a short secret occurs', 'abcdef', true],
    ['a ray ID in which a short secret occurs', '8f1c2d3e4fabca7c-FRA', false],
    ['the secret in hexadecimal', Buffer.from(SECRET).toString('hex'), true],
    ['another word', 'horse', false],
  ])('that is %s repeats it: %s → %s', (_what, value, expected) => {
    expect(repeatsSecret(value, soughtFor([SECRET, 'abc']))).toBe(expected);
  });
});
