// The connections to Cloudflare: opened when needed, kept and used again, and through a proxy where one is configured.

import { type Dispatcher, Pool } from 'undici';
import { isLoopback } from '../loopback.ts';
import type { OutgoingProxy } from '../outgoing-proxy.ts';
import { createProxyAgent } from '../proxy-agent.ts';

/** To establish one connection, in milliseconds: that Cloudflare can't be reached is known long before a call times out. */
const CONNECT_TIMEOUT_MS = 5_000;

export interface PoolOptions {
  /** Such as `https://api.cloudflare.com`. */
  readonly origin: string;
  /** For one whole call, in milliseconds. */
  readonly timeoutMs: number;
  /** What is on this machine is never reached through it. */
  readonly proxy: OutgoingProxy | undefined;
}

/** A pool that writes a request at most once. */
export function openPool({ origin, timeoutMs, proxy }: PoolOptions): Dispatcher {
  const options = {
    connectTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    // Over HTTP/2 undici sends a refused request a second time by itself, and a create must never be repeated.
    allowH2: false,
    // The one clock of a request that was sent is the exchange's own, which covers the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (proxy === undefined || isLoopback(new URL(origin).hostname)) return new Pool(origin, options);
  return createProxyAgent(proxy, options);
}
