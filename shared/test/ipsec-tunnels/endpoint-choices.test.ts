import { expect, it } from 'vitest';
import { endpointChoices } from '../../src/ipsec-tunnels/endpoint-choices.ts';

const [A, B, C] = ['198.51.100.1', '203.0.113.1', '192.0.2.1'];
const tunnelsOn = (...endpoints: readonly (string | undefined)[]) =>
  endpoints.map((cloudflare_endpoint) => ({ cloudflare_endpoint }));

it.each([
  { configured: [A, B], used: [], choices: [A, B], why: 'nothing is in use, so as they were configured' },
  { configured: [A, B], used: [B], choices: [B, A], why: 'the one in use comes first' },
  { configured: [], used: [A, B, B], choices: [B, A], why: 'nothing is configured' },
  { configured: [A], used: [B, B, C], choices: [B, C, A], why: 'others are in use' },
  { configured: [B, A], used: [A, B], choices: [B, A], why: 'as many use either, so as they were configured' },
  { configured: [A, A], used: [A], choices: [A], why: 'each is there once' },
  {
    configured: ['2606:4700:0::1'],
    used: ['2606:4700::1', '2606:4700:0:0:0:0:0:1', A],
    choices: ['2606:4700:0::1', A],
    why: 'spellings of one address count together, and it is spelled as it was configured',
  },
  {
    configured: [],
    used: ['2606:4700:0:0:0:0:0:1', '2606:4700::1'],
    choices: ['2606:4700::1'],
    why: 'one that is only in use is spelled canonically',
  },
  { configured: [], used: [undefined, '', 'none'], choices: [], why: 'what is no address is no choice' },
])('offers $choices: $why', ({ configured, used, choices }) => {
  expect(endpointChoices(configured, tunnelsOn(...used))).toEqual(choices);
});
