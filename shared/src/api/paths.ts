// The paths of this server. Those of the tunnels mirror Cloudflare's, so that its clients work here with another base URL.

export const API_PREFIX = '/api';
export const SESSION_PATH = `${API_PREFIX}/session`;
export const HEALTH_PATH = '/healthz';

/** The header that switches `health_check.target` to its object form. */
export const HEALTH_CHECK_TARGET_HEADER = 'x-magic-new-hc-target';

/** Where an account's IPsec tunnels are, below Cloudflare's base URL and below {@link API_PREFIX} alike. */
export function ipsecTunnelsPath(accountId: string): string {
  return `/accounts/${accountId}/magic/ipsec_tunnels`;
}
