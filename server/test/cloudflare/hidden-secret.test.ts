// A secret is recognized in every spelling, wherever in a response it stands.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiddenSecret } from '../../src/cloudflare/hidden-secret.ts';
import { withoutSecrets } from '../../src/cloudflare/without-secrets.ts';
import { SPELLINGS } from '../support/spellings.ts';

const REDACTED = '[redacted]';
const PLACES: Readonly<Record<string, (text: string) => unknown>> = {
  'a text': (text) => ({ result: { note: text } }),
  'a longer text': (text) => ({ errors: [{ code: 7777, message: `the key "${text}" is bad` }] }),
  'a list in a list': (text) => ({ result: [[text]] }),
  'a name': (text) => ({ result: { [text]: 1 } }),
  'a pointer': (text) => ({ errors: [{ code: 7777, message: 'bad', source: { pointer: `/${text}` } }] }),
  'what is beside the result': (text) => ({ debug: { headers: [`authorization: ${text}`] } }),
};

const words = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'];
const secrets = fc.oneof(
  fc.string({ unit: fc.constantFrom(...words), minLength: 8, maxLength: 64 }),
  fc.string({ unit: fc.constantFrom(...'abXY019 !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'), minLength: 8, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\n', '\t', '"', '\\', '&', '%', '+', 'Z'), minLength: 8 }),
  fc.string({ unit: fc.constantFrom(...'bQXZ0159!?$-'), minLength: 3, maxLength: 7 }),
);

/** What becomes of a response with the secret in it. */
function cleaned(secret: string, response: unknown): string {
  const sought = [{ secret: hiddenSecret(secret), sent: new Set<string>(), isOfOtherCall: false }];
  return JSON.stringify(withoutSecrets(JSON.stringify(response), sought));
}

describe.each(Object.entries(SPELLINGS))('spelled as %s', (_name, spell) => {
  it.each(Object.entries(PLACES))('it does not survive in %s', (_place, put) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const spelled = spell(secret);
        const left = cleaned(secret, put(spelled));
        expect(left).toContain(REDACTED);
        expect(left.replaceAll(REDACTED, '')).not.toContain(JSON.stringify(spelled).slice(1, -1));
      }),
      { numRuns: 40 },
    );
  });
});

it('leaves every text in which it is not', () => {
  const secret = hiddenSecret('correct-horse');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      fc.pre(!text.includes('correct'));
      expect(secret.blackOut(text)).toBe(text);
    }),
  );
});

it('takes the secret alone out of a text where it stands in a usual spelling', () => {
  const secret = hiddenSecret('a "b" c/d&e');
  expect(secret.blackOut('not a "b" c/d&e, nor a \\"b\\" c/d&e, nor a%20%22b%22%20c%2Fd%26e.')).toBe(
    'not [redacted], nor [redacted], nor [redacted].',
  );
});

it.each([
  ['backslashes', '\\'.repeat(20), '\\'.repeat(200_000)],
  ['percent signs', '%25'.repeat(20), '%25'.repeat(200_000)],
  ['ampersands', '&amp;'.repeat(10), '&amp;'.repeat(100_000)],
  ['base64', 'correct-horse', 'QUJD'.repeat(250_000)],
])('takes no longer for a text full of %s than for others', (_what, secret, text) => {
  const start = performance.now();
  hiddenSecret(`${secret}x`).isIn(`${text}y`);
  expect(performance.now() - start).toBeLessThan(5_000);
});
