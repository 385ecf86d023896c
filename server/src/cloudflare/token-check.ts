// Whether Cloudflare accepts the API token, by its verify endpoints, and in plain words why not.

import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import { type CloudflareClient, createCloudflareClient } from './client.ts';
import { summaryOf, type UpstreamResponse } from './response.ts';

type TokenVerifier = Pick<CloudflareClient, 'verifyToken'>;
type TokenStatus = { readonly status: string };

/** Logs one line at start: whether Cloudflare accepts the token, and if not why. The sandbox has none. Never rejects. */
export async function reportToken(
  { upstream, accounts, upstreamTimeoutMs, outgoingProxy }: Config,
  log: FastifyBaseLogger,
): Promise<void> {
  if (upstream.kind === 'sandbox') return;
  // Connections of its own: the readiness check and the metrics count only what the desk's own work asks.
  const cloudflare = createCloudflareClient({ ...upstream, timeoutMs: upstreamTimeoutMs, proxy: outgoingProxy });
  try {
    if (await isTokenActive(cloudflare, accounts[0]?.id, log)) log.info('Cloudflare accepts the API token');
  } finally {
    await cloudflare.close();
  }
}

/**
 * Asks as for a user's token and, where that is refused, as for a token of the account. Logs what Cloudflare said, or what
 * could not be reached, when the token is not confirmed.
 */
export async function isTokenActive(
  cloudflare: TokenVerifier,
  accountId: string | undefined,
  log: FastifyBaseLogger,
): Promise<boolean> {
  const first = await cloudflare.verifyToken();
  const second = isRefused(first) && accountId !== undefined ? await cloudflare.verifyToken(accountId) : first;
  const problem = tokenProblem(second);
  if (problem === undefined) return true;
  log.warn({ upstream: summaryOf(second) }, problem);
  return false;
}

/** What speaks against the token in one sentence; `undefined` when Cloudflare says that it is active. */
function tokenProblem(response: UpstreamResponse<TokenStatus>): string | undefined {
  switch (response.kind) {
    case 'response': {
      if (response.success) return statusProblem(response.result);
      const { status, envelope } = response;
      const codes = envelope.errors.map(({ code }) => code);
      const said = [`status ${status}`, ...(codes.length > 0 ? [`code ${codes.join(', ')}`] : [])].join(', ');
      return isRefused(response)
        ? `Cloudflare refuses the API token: ${said}. Check CLOUDFLARE_API_TOKEN, or create a new token`
        : `Cloudflare could not check the API token: ${said}`;
    }
    case 'unreachable':
      return `the API token could not be checked: Cloudflare could not be reached (${response.reason})`;
    case 'connection-lost':
      return `the API token could not be checked: the connection to Cloudflare broke (${response.reason})`;
    case 'timed-out':
      return 'the API token could not be checked: Cloudflare did not respond in time';
    case 'unintelligible':
      return `the API token could not be checked: status ${response.status}, and not a response of Cloudflare's API. Check CLOUDFLARE_API_BASE_URL`;
  }
}

function statusProblem({ status }: TokenStatus): string | undefined {
  if (status === 'active') return undefined;
  // Cloudflare's other words for it are "disabled" and "expired"; anything else is not repeated.
  const named = /^[a-z]{1,20}$/.test(status) ? `"${status}"` : 'not active';
  return `Cloudflare says that the API token is ${named}: create a new token, or enable this one`;
}

function isRefused(response: UpstreamResponse): boolean {
  return response.kind === 'response' && response.status >= 400 && response.status < 500 && response.status !== 429;
}
