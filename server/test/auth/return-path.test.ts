import { expect, it } from 'vitest';
import { returnPath } from '../../src/auth/return-path.ts';

it.each([['/'], ['/tunnels/new'], ['/tunnels/new?name=a%20b#bgp'], ['/a//b']])('leads back to %s', (path) => {
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
  ['javascript:alert(1)', 'a script'],
  ['tunnels/new', 'no path'],
  ['/auth/sign-out', 'straight out again'],
  ['/auth/sign-in?return_to=/', 'round in circles'],
  ['/api/session', 'no page'],
  ['', 'nothing'],
])('never redirects to %j: %s', (path) => {
  expect(returnPath({ return_to: path })).toBe('/');
});

it.each([undefined, null, 'x', {}, { return_to: ['/a', '/b'] }])('leads home from %j', (query) => {
  expect(returnPath(query)).toBe('/');
});
