// Where the API's plugins stand, and how the paths of `shared` are written inside them.

import { API_PREFIX } from '@tunnel-desk/shared/api/paths';

/** The prefix of the plugin for one account, inside the one for the API. */
export const ACCOUNT_PREFIX = '/accounts/:account_id';

/** A path such as `/api/session` for a route of the plugin for the API. */
export function inApi(path: string): string {
  return withoutPrefix(API_PREFIX, path);
}

/** A path such as `/accounts/:account_id/magic/ipsec_tunnels` for a route of the plugin for one account. */
export function inAccount(path: string): string {
  return withoutPrefix(ACCOUNT_PREFIX, path);
}

function withoutPrefix(prefix: string, path: string): string {
  if (!path.startsWith(`${prefix}/`)) throw new Error(`${path} is not below ${prefix}`);
  return path.slice(prefix.length);
}
