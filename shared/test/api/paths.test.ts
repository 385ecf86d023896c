import { expect, it } from 'vitest';
import { API_PREFIX, HEALTH_PATH, ipsecTunnelsPath, READY_PATH, SESSION_PATH } from '../../src/api/paths.ts';

it('puts an account’s tunnels where the API reference does', () => {
  expect(ipsecTunnelsPath('0123456789abcdef0123456789abcdef')).toBe(
    '/accounts/0123456789abcdef0123456789abcdef/magic/ipsec_tunnels',
  );
});

it('keeps the paths that clients and health checks are set to', () => {
  expect([API_PREFIX, SESSION_PATH]).toEqual(['/api', '/api/session']);
  expect([HEALTH_PATH, READY_PATH]).toEqual(['/healthz', '/readyz']);
});
