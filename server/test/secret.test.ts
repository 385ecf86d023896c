import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redact, Secret } from '../src/secret.ts';

const VALUE = 'hunter2-hunter2';

describe('a secret', () => {
  it.each([
    ['a template', (secret: Secret) => `${secret}`],
    ['concatenation', (secret: Secret) => 'token: '.concat(String(secret))],
    ['JSON', (secret: Secret) => JSON.stringify({ deep: [{ secret }] })],
    ['an inspector', (secret: Secret) => inspect({ secret }, { depth: null, showHidden: true })],
    ['a format', (secret: Secret) => format('%s %o %O %j', secret, secret, secret, secret)],
    ['an error', (secret: Secret) => new Error(`refused ${secret}`).stack ?? ''],
    ['its own keys', (secret: Secret) => JSON.stringify(Object.entries(secret))],
  ])('is not printed by %s', (_how, print) => {
    expect(print(new Secret(VALUE))).not.toContain(VALUE);
  });

  it('is revealed to who asks for it', () => {
    expect(new Secret(VALUE).reveal()).toBe(VALUE);
  });
});

describe('redacting', () => {
  it.each([
    ['every occurrence', 'one a two a', ['a'], 'one [redacted] two [redacted]'],
    ['several secrets', 'one two three', ['one', 'three'], '[redacted] two [redacted]'],
    ['nothing for an empty secret', 'one', [''], 'one'],
    ['what would be a pattern, as it stands', 'a.c abc $& a.c', ['a.c'], '[redacted] abc $& [redacted]'],
  ])('blacks out %s', (_what, text, secrets, expected) => {
    expect(redact(text, secrets)).toBe(expected);
  });
});
