// Sends this server's outbound calls through the configured HTTP proxy.

import { EnvHttpProxyAgent, Pool, setGlobalDispatcher } from 'undici';
import type { OutgoingProxy } from './outgoing-proxy.ts';

/** For one stage of a connection that `fetch` opens, in milliseconds. */
const FETCH_CONNECT_TIMEOUT_MS = 5_000;

/**
 * Sends calls through the proxy, except to the hosts it is not for. An https call goes through a CONNECT tunnel, of which
 * the proxy sees only the host name; when the proxy opens none within `connectTimeout` (milliseconds), nothing was sent.
 */
export function createProxyAgent(
  { url, exceptions }: OutgoingProxy,
  options: EnvHttpProxyAgent.Options & { readonly connectTimeout: number },
): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({
    ...options,
    // All three are given, so that undici reads none of them from the environment.
    httpProxy: url.reveal(),
    httpsProxy: url.reveal(),
    noProxy: exceptions,
    proxyTls: { allowH2: false },
    clientFactory: (origin, proxyOptions) =>
      new Pool(origin, { ...proxyOptions, headersTimeout: options.connectTimeout }),
  });
}

/** Sends every `fetch` of this process through the proxy: the sign-in libraries use it. */
export function proxyFetch(proxy: OutgoingProxy): void {
  setGlobalDispatcher(createProxyAgent(proxy, { connectTimeout: FETCH_CONNECT_TIMEOUT_MS }));
}
