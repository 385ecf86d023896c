// Whether Cloudflare still takes the token, as its verify endpoints tell.

import type { FastifyBaseLogger } from 'fastify';
import type { CloudflareClient } from './client.ts';
import { summaryOf, type UpstreamResponse } from './response.ts';

/**
 * Asks as for a person's token, and where that one is refused as for the account's own. Tells the log what spoke against it.
 */
export async function isTokenActive(
  cloudflare: Pick<CloudflareClient, 'verifyToken'>,
  accountId: string | undefined,
  log: FastifyBaseLogger,
): Promise<boolean> {
  const first = await cloudflare.verifyToken();
  if (isActive(first)) return true;
  const last = isRefused(first) && accountId !== undefined ? await cloudflare.verifyToken(accountId) : first;
  if (isActive(last)) return true;
  log.warn({ upstream: summaryOf(last) }, 'Cloudflare does not say that the API token is active');
  return false;
}

function isActive(response: UpstreamResponse<{ readonly status: string }>): boolean {
  return response.kind === 'response' && response.success && response.result.status === 'active';
}

function isRefused(response: UpstreamResponse): boolean {
  return response.kind === 'response' && response.status >= 400 && response.status < 500 && response.status !== 429;
}
