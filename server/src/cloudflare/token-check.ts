// Whether Cloudflare accepts the API token, by its verify endpoints, and in plain words why not.

import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { UpstreamAnswer } from './answer.ts';
import { type CloudflareClient, createCloudflareClient } from './client.ts';

type TokenVerifier = Pick<CloudflareClient, 'verifyToken'>;

const statusSchema = z.looseObject({ status: z.string() });

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
  const second = isRefusal(first) && accountId !== undefined ? await cloudflare.verifyToken(accountId) : first;
  const problem = tokenProblem(second);
  if (problem === undefined) return true;
  log.warn({ upstream: summaryOf(second) }, problem);
  return false;
}

/** What speaks against the token in one sentence; `undefined` when Cloudflare says that it is active. */
function tokenProblem(answer: UpstreamAnswer): string | undefined {
  switch (answer.kind) {
    case 'answered': {
      const { status, envelope } = answer;
      if (envelope.success) return statusProblem(envelope.result);
      const codes = envelope.errors.map(({ code }) => code);
      const said = [`status ${status}`, ...(codes.length > 0 ? [`code ${codes.join(', ')}`] : [])].join(', ');
      return isRefusal(answer)
        ? `Cloudflare refuses the API token: ${said}. Check CLOUDFLARE_API_TOKEN, or create a new token`
        : `Cloudflare could not check the API token: ${said}`;
    }
    case 'unreachable':
      return `the API token could not be checked: Cloudflare could not be reached (${answer.reason})`;
    case 'connection-lost':
      return `the API token could not be checked: the connection to Cloudflare broke (${answer.reason})`;
    case 'timed-out':
      return 'the API token could not be checked: Cloudflare did not answer in time';
    case 'unintelligible':
      return `the API token could not be checked: status ${answer.status}, and not a response of Cloudflare's API. Check CLOUDFLARE_API_BASE_URL`;
  }
}

function statusProblem(result: unknown): string | undefined {
  const { data } = statusSchema.safeParse(result);
  if (data?.status === 'active') return undefined;
  // Cloudflare's other words for it are "disabled" and "expired"; anything else is not repeated.
  const status = /^[a-z]{1,20}$/.test(data?.status ?? '') ? `"${data?.status}"` : 'not active';
  return `Cloudflare says that the API token is ${status}: create a new token, or enable this one`;
}

function isRefusal(answer: UpstreamAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 400 && answer.status < 500 && answer.status !== 429;
}

function summaryOf(answer: UpstreamAnswer): Record<string, unknown> {
  if (answer.kind !== 'answered') return { ...answer };
  const { kind, status, cfRay, envelope } = answer;
  return { kind, status, cfRay, codes: envelope.errors.map(({ code }) => code) };
}
