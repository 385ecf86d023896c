// How a query about health ended: with data, or why without.

import { HEALTH_PERMISSION, type HealthFailure, type TunnelHistory } from '@tunnel-desk/shared/api/health';
import type { GraphqlError, GraphqlResponse } from '../cloudflare/graphql.ts';

export type HealthOutcome<Data> =
  /** All that was asked for, or what came of it. */
  { readonly kind: 'data'; readonly data: Data } | Exclude<TunnelHistory, { kind: 'known' }>;

const MAX_MESSAGE_LENGTH = 300;
/**
 * How Cloudflare says that a token may not read an account's analytics: the code `authz`, that of the envelope for a missing
 * permission, or words alone (its guide "GraphQL API errors" and its prometheus exporter's issues have these).
 */
const PERMISSION_CODES = new Set(['authz', '10000', '9109']);
const PERMISSION_WORDS = /not authori[sz]ed|authori[sz]ation denied|does not have access|authentication error/i;
const RATE_WORDS = /rate limit|too many (?:queries|requests)|limit reached/i;

/** `checkedAt` is when it was asked, in ISO 8601. */
export function outcomeOf<Data>(response: GraphqlResponse<Data>, checkedAt: string): HealthOutcome<Data> {
  if (response.kind !== 'response') return { kind: 'failed', checkedAt, reason: reasonOf(response) };
  const { status, data, errors } = response;
  if (data !== undefined) return { kind: 'data', data };
  if (status === 403 || (status !== 401 && errors.some(isAboutPermission))) {
    return { kind: 'not-permitted', checkedAt, permission: HEALTH_PERMISSION };
  }
  const [first] = errors;
  const isRateLimited = status === 429 || errors.some(({ message }) => RATE_WORDS.test(message));
  return {
    kind: 'failed',
    checkedAt,
    reason: isRateLimited ? 'rate-limited' : 'refused',
    ...(first && { message: first.message.slice(0, MAX_MESSAGE_LENGTH) }),
  };
}

function isAboutPermission({ code, message }: GraphqlError): boolean {
  return PERMISSION_CODES.has(code ?? '') || PERMISSION_WORDS.test(message);
}

function reasonOf(response: Exclude<GraphqlResponse<unknown>, { kind: 'response' }>): HealthFailure {
  return response.kind === 'unintelligible' && response.status === 429 ? 'rate-limited' : response.kind;
}
