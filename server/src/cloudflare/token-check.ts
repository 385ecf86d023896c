// Whether Cloudflare still takes the token, as its verify endpoints tell.

import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import type { UpstreamAnswer } from './answer.ts';
import type { CloudflareClient } from './client.ts';

const activeSchema = z.looseObject({ status: z.literal('active') });

/**
 * Asks as for a person's token, and where that one is refused as for the account's own. Tells the log what spoke against it.
 */
export async function isTokenActive(
  cloudflare: Pick<CloudflareClient, 'verifyToken'>,
  accountId: string | undefined,
  log: FastifyBaseLogger,
): Promise<boolean> {
  const answer = await cloudflare.verifyToken();
  if (isActive(answer)) return true;
  const second = isRefusal(answer) && accountId !== undefined ? await cloudflare.verifyToken(accountId) : answer;
  if (isActive(second)) return true;
  log.warn({ upstream: summaryOf(second) }, 'Cloudflare does not say that the API token is active');
  return false;
}

function isActive(answer: UpstreamAnswer): boolean {
  return (
    answer.kind === 'answered' && answer.envelope.success && activeSchema.safeParse(answer.envelope.result).success
  );
}

function isRefusal(answer: UpstreamAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 400 && answer.status < 500 && answer.status !== 429;
}

function summaryOf(answer: UpstreamAnswer): Record<string, unknown> {
  if (answer.kind !== 'answered') return { ...answer };
  const { kind, status, cfRay, envelope } = answer;
  return { kind, status, cfRay, codes: envelope.errors.map(({ code }) => code) };
}
