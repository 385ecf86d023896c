import { expect, it } from 'vitest';
import { API_PREFIX, HEALTH_PATH, ipsecTunnelsPath, SESSION_PATH } from '../../src/api/paths.ts';

it('puts an account’s tunnels where the API reference does', () => {
  expect(ipsecTunnelsPath('0123456789abcdef0123456789abcdef')).toBe(
    '/accounts/0123456789abcdef0123456789abcdef/magic/ipsec_tunnels',
  );
});

it('keeps the session below the API and the health check outside it', () => {
  expect(SESSION_PATH.startsWith(`${API_PREFIX}/`)).toBe(true);
  expect(HEALTH_PATH.startsWith(API_PREFIX)).toBe(false);
});
