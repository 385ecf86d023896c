import fc from 'fast-check';
import { expect, it } from 'vitest';
import { returnPath } from '../../src/auth/return-path.ts';

it.each([
  ['/'],
  ['/tunnels/new'],
  ['/tunnels/new?name=a%20b#bgp'],
  ['/a//b'],
  ['/tunnels/new?from=https%3A%2F%2Fwiki.example%2Fa'],
  ['/tunnels/new?name=100%'],
])('returns to %s', (path) => {
  expect(returnPath({ return_to: path })).toBe(path);
});

it.each([
  ['https://evil.example', 'another site'],
  ['//evil.example', 'another site, in its short form'],
  ['///evil.example', 'what a browser takes for the short form'],
  ['/\\evil.example', 'what a browser takes for the short form'],
  ['/\t/evil.example', 'a tab, which a browser drops'],
  ['/\n/evil.example', 'a line break, which a browser drops'],
  ['/.//evil.example', 'a dot, which a browser drops'],
  ['/x/..//evil.example', 'a way up, which leaves the short form'],
  ['/%2e%2e//evil.example', 'the same, escaped'],
  ['/%2fevil.example', 'a slash, escaped'],
  ['/%2F%2Fevil.example', 'two slashes, escaped'],
  ['%2f%2fevil.example', 'all of it, escaped'],
  ['/%252fevil.example', 'a slash, escaped twice'],
  ['/%25252525252fevil.example', 'a slash, escaped more often than anybody would look'],
  ['/%5cevil.example', 'a backslash, escaped'],
  ['/%255cevil.example', 'a backslash, escaped twice'],
  ['/%09/evil.example', 'a tab, escaped'],
  ['/%0a%2fevil.example', 'a line break, escaped'],
  ['/%\t2fevil.example', 'a slash, escaped around a tab, which a browser drops'],
  ['/%\r\n2f%\n2fevil.example', 'slashes, escaped around line breaks'],
  ['/x/%2e%2e/%2fevil.example', 'a way up, escaped'],
  ['/%61uth/sign-in', 'round in circles, escaped'],
  ['javascript:alert(1)', 'a script'],
  ['tunnels/new', 'no path'],
  ['/auth/sign-out', 'straight out again'],
  ['/auth/sign-in?return_to=/', 'round in circles'],
  ['/api/session', 'no page'],
  ['', 'nothing'],
])('never redirects to %j: %s', (path) => {
  expect(returnPath({ return_to: path })).toBe('/');
});

it.each([undefined, null, 'x', {}, { return_to: ['/a', '/b'] }])('goes home from %j', (query) => {
  expect(returnPath(query)).toBe('/');
});

it('is a path of this desk for every text, however it is decoded again on the way', () => {
  const origin = 'https://desk.example.com';
  const piece = fc.constantFrom(
    '/',
    '\\',
    '//',
    '.',
    '..',
    '%2f',
    '%5C',
    '%09',
    '%0d',
    '%25',
    '%',
    '2f',
    '\t',
    '\n',
    '@',
    ':',
  );
  const word = fc.constantFrom('evil.example', 'tunnels', 'auth', 'https', '?', '#', 'x');
  const texts = fc.oneof(
    fc.array(fc.oneof(piece, word), { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (let path = returnPath({ return_to: `/${text}` }), layer = 0; layer < 8; layer += 1) {
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(new URL(path, origin).origin).toBe(origin);
        path = path.replace(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      }
    }),
    { numRuns: 2000 },
  );
});
