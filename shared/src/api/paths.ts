// The paths of this server. Those of the tunnels mirror Cloudflare's, so that its clients work here with another base URL.

export const API_PREFIX = '/api';
export const SESSION_PATH = `${API_PREFIX}/session`;
/** Whether the desk is alive. */
export const HEALTH_PATH = '/healthz';
/** Whether it can do its work. */
export const READY_PATH = '/readyz';
export const AUDIT_PATH = `${API_PREFIX}/audit`;
export const AUDIT_EXPORT_PATH = `${AUDIT_PATH}/export`;
/** Whether the audit trail is as it was written. */
export const AUDIT_VERIFY_PATH = `${AUDIT_PATH}/verify`;

/** Where a browser goes to sign in; it comes back to the path in `return_to`. */
export const SIGN_IN_PATH = '/auth/sign-in';
/** Where an OpenID provider sends the browser back to. */
export const SIGN_IN_CALLBACK_PATH = '/auth/callback';
export const SIGN_OUT_PATH = '/auth/sign-out';
/** The page about a sign-in that is over, and how it ended; it lets the person sign in again. */
export const SIGNED_OUT_PATH = '/signed-out';
export const SIGN_IN_ENDINGS = ['signed-out', 'failed', 'unavailable'] as const;
export type SignInEnding = (typeof SIGN_IN_ENDINGS)[number];

/** Signs in and comes back to a path of this desk. */
export function signInPath(returnTo: string): string {
  return `${SIGN_IN_PATH}?return_to=${encodeURIComponent(returnTo)}`;
}

/** The header that switches `health_check.target` to its object form. */
export const HEALTH_CHECK_TARGET_HEADER = 'x-magic-new-hc-target';

/** Where an account's IPsec tunnels are, below Cloudflare's base URL and below {@link API_PREFIX} alike. */
export function ipsecTunnelsPath(accountId: string): string {
  return `/accounts/${accountId}/magic/ipsec_tunnels`;
}

/** Where one of them is. */
export function ipsecTunnelPath(accountId: string, tunnelId: string): string {
  return `${ipsecTunnelsPath(accountId)}/${tunnelId}`;
}

/** Where a pre-shared key is generated for it. */
export function generatePskPath(accountId: string, tunnelId: string): string {
  return `${ipsecTunnelPath(accountId, tunnelId)}/psk_generate`;
}

/** Where an account's GRE tunnels are, which share names and interface subnets with its IPsec tunnels. */
export function greTunnelsPath(accountId: string): string {
  return `/accounts/${accountId}/magic/gre_tunnels`;
}

/** Where an account's interconnects are, which share them too. */
export function interconnectsPath(accountId: string): string {
  return `/accounts/${accountId}/magic/cf_interconnects`;
}

/** Where the profiles are that a tunnel's BGP filters name. */
export function bgpFilterProfilesPath(accountId: string): string {
  return `/accounts/${accountId}/magic/bgp/filter_profiles`;
}

/** Where an account's static routes are. */
export function routesPath(accountId: string): string {
  return `/accounts/${accountId}/magic/routes`;
}

/** Where what was entered about the routers of an account's tunnels is: this desk's own, below {@link API_PREFIX} alone. */
export function routerSettingsPath(accountId: string): string {
  return `/accounts/${accountId}/router-settings`;
}

/** The same of one tunnel. */
export function tunnelRouterSettingsPath(accountId: string, tunnelId: string): string {
  return `${routerSettingsPath(accountId)}/${tunnelId}`;
}

/** Where the health of an account's tunnels is: this desk's own, below {@link API_PREFIX} alone. */
export function tunnelHealthPath(accountId: string): string {
  return `/accounts/${accountId}/tunnel-health`;
}

/** Where the history of one of them is, by `name` and `range`. */
export function tunnelHealthHistoryPath(accountId: string): string {
  return `${tunnelHealthPath(accountId)}/history`;
}

/** Where an account's batches of creates are: this desk's own, below {@link API_PREFIX} alone. */
export function batchesPath(accountId: string): string {
  return `/accounts/${accountId}/tunnel-batches`;
}

/** Where one of them is. */
export function batchPath(accountId: string, batchId: string): string {
  return `${batchesPath(accountId)}/${batchId}`;
}

/** Where the tunnel of one row is created, by its number. */
export function batchRowPath(accountId: string, batchId: string, row: number | string): string {
  return `${batchPath(accountId, batchId)}/rows/${row}`;
}

/** Where it is told what was done to an account's tunnels elsewhere: this desk's own, below {@link API_PREFIX} alone. */
export function driftPath(accountId: string): string {
  return `/accounts/${accountId}/drift`;
}

/** Where a tunnel is accepted as it is. */
export function acceptDriftPath(accountId: string, tunnelId: string): string {
  return `${driftPath(accountId)}/${tunnelId}/accept`;
}

/** Where the outcome of a submission is, by the idempotency key it was sent under. */
export function submissionPath(idempotencyKey: string): string {
  return `${API_PREFIX}/submissions/${idempotencyKey}`;
}
