import { expect, it } from 'vitest';
import {
  adviseCustomerEndpoint,
  adviseHealthCheckType,
  adviseReplayProtection,
  type RouterAdvisory,
} from '../../src/routers/advisories.ts';
import type { RouterTunnel } from '../../src/routers/router-tunnel.ts';
import { firstTunnel, readable } from './inputs.ts';

const WHY = 'It is so.';

function adviceOn(changes: object, advise: (tunnel: RouterTunnel) => readonly RouterAdvisory[]) {
  return readable({ tunnel: firstTunnel(changes) })
    .flatMap(advise)
    .map(({ message, fix }) => ({ message, values: fix?.values }));
}

it('a health check of another type than the router needs can be changed, and one that is off needs none', () => {
  const wantRequest = (tunnel: RouterTunnel) => adviseHealthCheckType(tunnel, 'request', WHY);
  expect(adviceOn({ health_check: { type: 'reply' } }, wantRequest)).toEqual([
    { message: "This tunnel's health check is of type reply. It is so.", values: { 'health_check/type': 'request' } },
  ]);
  expect(adviceOn({ health_check: undefined }, wantRequest)).toHaveLength(1);
  expect(adviceOn({ health_check: { type: 'request' } }, wantRequest)).toEqual([]);
  expect(adviceOn({ health_check: { type: 'reply', enabled: false } }, wantRequest)).toEqual([]);
});

it('replay protection can be turned on or off as the router needs it', () => {
  const want = (wanted: boolean) => (tunnel: RouterTunnel) => adviseReplayProtection(tunnel, wanted, WHY);
  expect(adviceOn({ replay_protection: true }, want(false))).toEqual([
    { message: "This tunnel's replay protection is on. It is so.", values: { replay_protection: false } },
  ]);
  expect(adviceOn({}, want(true))).toEqual([
    { message: "This tunnel's replay protection is off. It is so.", values: { replay_protection: true } },
  ]);
  expect(adviceOn({}, want(false))).toEqual([]);
});

it('a customer endpoint that is missing can be entered', () => {
  const want = (tunnel: RouterTunnel) => adviseCustomerEndpoint(tunnel, WHY);
  expect(adviceOn({ customer_endpoint: undefined }, want)).toEqual([
    { message: 'This tunnel has no customer endpoint. It is so.', values: { customer_endpoint: '' } },
  ]);
  expect(adviceOn({}, want)).toEqual([]);
});
