import { expect, it } from 'vitest';
import { compareStates, healthStateOf, type ShownState } from '../../src/health/states.ts';

it.each([
  [1, 'healthy', 'every check passes'],
  [0.801, 'healthy', 'more than 80 % pass'],
  [0.8, 'degraded', '80 % is not more than 80 %'],
  [0.5, 'degraded', 'what Cloudflare calls degraded itself'],
  [0.4, 'degraded', '40 % still is degraded'],
  [0.399, 'down', 'fewer than 40 % pass'],
  [0, 'down', 'none passes'],
] as const)('takes %f for %s: %s', (score, state, _why) => {
  expect(healthStateOf(score)).toBe(state);
});

it('sorts the worst first, and what nobody knows before what is well', () => {
  const states: ShownState[] = ['healthy', 'unknown', 'down', 'degraded'];
  expect(states.toSorted(compareStates)).toEqual(['down', 'degraded', 'unknown', 'healthy']);
});
