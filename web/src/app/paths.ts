// Where the pages are in the browser. Everything in a URL can be shared and reloaded.

export const HOME_PATH = '/';
/** The form before an account is chosen. */
export const NEW_TUNNEL_PATH = '/ipsec-tunnels/new';

/** The form for a tunnel of this account; an empty ID stands for none yet. */
export function newTunnelPath(accountId: string): string {
  return accountId === '' ? NEW_TUNNEL_PATH : `/accounts/${accountId}/ipsec-tunnels/new`;
}

export function isNewTunnelPath(path: string): boolean {
  return path === NEW_TUNNEL_PATH || /^\/accounts\/[^/]+\/ipsec-tunnels\/new$/.test(path);
}

/** The account's tunnels; its filters, sort and columns are in the query. */
export function tunnelsPath(accountId: string): string {
  return `/accounts/${accountId}/ipsec-tunnels`;
}

export function tunnelPath(accountId: string, tunnelId: string): string {
  return `${tunnelsPath(accountId)}/${tunnelId}`;
}

/** Where tunnels are made from a file; which rows are shown is in the query. */
export function importTunnelsPath(accountId: string): string {
  return `${tunnelsPath(accountId)}/import`;
}

export function editTunnelPath(accountId: string, tunnelId: string): string {
  return `${tunnelPath(accountId, tunnelId)}/edit`;
}

/** The form, filled with what this desk knew of a tunnel that was deleted elsewhere. */
export function restoreTunnelPath(accountId: string, tunnelId: string): string {
  return `${newTunnelPath(accountId)}?restore=${tunnelId}`;
}

/** One batch of creates: where it stands, and where it is run. */
export function batchPagePath(accountId: string, batchId: string): string {
  return `${tunnelsPath(accountId)}/batches/${batchId}`;
}

/** Who did what; its filters are in the query. */
export const ACTIVITY_PATH = '/activity';

/** The same kind of page in another account: its form from the form, its tunnels from everything else. */
export function inAccount(path: string, accountId: string): string {
  return isNewTunnelPath(path) ? newTunnelPath(accountId) : tunnelsPath(accountId);
}
