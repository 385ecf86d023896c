// The one place that speaks HTTP with Cloudflare: `request` sends any operation, and each operation is a few lines.

import type { IncomingHttpHeaders } from 'node:http';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { HEALTH_CHECK_TARGET_HEADER, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { createdTunnelSchema, type IpsecTunnel, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { OutgoingProxy } from '../outgoing-proxy.ts';
import type { Secret } from '../secret.ts';
import { type Exchange, type ExchangeRequest, exchange } from './exchange.ts';
import { hiddenSecret } from './hidden-secret.ts';
import { rememberKeys } from './recent-keys.ts';
import type { UnexpectedContent, UpstreamResponse } from './response.ts';
import { plausibleRetryAfter, withRetries } from './retry.ts';
import { repeatsSecret, type Sought, withoutSecrets } from './without-secrets.ts';

export interface TunnelOptions {
  /** In which form the tunnels' health-check targets are written. */
  readonly healthCheckTarget: IpsecTunnelRules['healthCheckTarget'];
}

/** One call as it ended, by words of fixed sets. */
export interface UpstreamCall {
  readonly operation: 'create' | 'validate' | 'list' | 'verify-token';
  readonly outcome: 'succeeded' | 'refused' | Exclude<UpstreamResponse['kind'], 'response'>;
  readonly durationMs: number;
}

export interface CloudflareClient {
  createIpsecTunnel(
    accountId: string,
    tunnel: CreateIpsecTunnelRequest,
    options: TunnelOptions,
  ): Promise<UpstreamResponse<IpsecTunnel>>;
  /** Has Cloudflare validate a create without persisting anything. */
  validateIpsecTunnel(
    accountId: string,
    tunnel: CreateIpsecTunnelRequest,
    options: TunnelOptions,
  ): Promise<UpstreamResponse>;
  listIpsecTunnels(accountId: string, options: TunnelOptions): Promise<UpstreamResponse<readonly IpsecTunnel[]>>;
  /** Asks about the token itself: a person's, or with an account ID that account's own. Never repeated. */
  verifyToken(accountId?: string): Promise<UpstreamResponse<{ readonly status: string }>>;
  close(): Promise<void>;
}

export interface CloudflareClientOptions {
  /** Without a trailing slash, such as `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  readonly token: Secret;
  /** For one whole call, in milliseconds. */
  readonly timeoutMs: number;
  /** What calls to other machines go through. */
  readonly proxy?: OutgoingProxy | undefined;
  /** Told of every single call, repetitions too. */
  readonly observe?: ((call: UpstreamCall) => void) | undefined;
}

interface Operation<Result> {
  readonly name: UpstreamCall['operation'];
  readonly method: ExchangeRequest['method'];
  /** Below the base URL, query included. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What no response may repeat, beside the token. */
  readonly secrets?: readonly Sought[];
  /** What the result of a success must be, and how it is read. */
  readonly result: z.ZodType<Result>;
  /** Whether it changes nothing, and is therefore repeated where another try may help. */
  readonly isRepeatable?: true;
}

/**
 * A client that sends a create once and repeats only what changes nothing, follows no redirect, inflates nothing, and
 * keeps the token and keys out of every response.
 */
export function createCloudflareClient(options: CloudflareClientOptions): CloudflareClient {
  const { baseUrl, token, timeoutMs, proxy, observe } = options;
  const { origin, pathname } = new URL(baseUrl);
  const basePath = pathname === '/' ? '' : pathname;
  let pool: Promise<Dispatcher> | undefined;
  const soughtToken: Sought = { secret: hiddenSecret(token.reveal()), sent: new Set(), isOfOtherCall: false };
  const recentKeys = rememberKeys();
  const commonHeaders = { ...ACCEPTED, authorization: `Bearer ${token.reveal()}` };

  /** Opened by the first call: the library takes an eighth of the server's start, which has no use for it. */
  async function open(): Promise<Dispatcher> {
    const { openPool } = await import('./pool.ts');
    return openPool({ origin, timeoutMs, proxy });
  }

  async function request<Result>(operation: Operation<Result>): Promise<UpstreamResponse<Result>> {
    const response = await (operation.isRepeatable
      ? withRetries(timeoutMs, (remainingMs) => attempt(operation, remainingMs))
      : attempt(operation, timeoutMs));
    // Only now: until here, one that asks for hours keeps the call from being repeated.
    return 'retryAfter' in response ? { ...response, retryAfter: plausibleRetryAfter(response.retryAfter) } : response;
  }

  async function attempt<Result>(operation: Operation<Result>, limitMs: number): Promise<UpstreamResponse<Result>> {
    const { name, method, path, headers, body, secrets = [], result } = operation;
    pool ??= open();
    const dispatcher = await pool;
    const startedAt = performance.now();
    const exchanged = await exchange(dispatcher, limitMs, {
      origin,
      method,
      path: basePath + path,
      headers: { ...headers, ...commonHeaders, ...(body !== undefined && JSON_BODY) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const response = readResponse(exchanged, result, [soughtToken, ...secrets]);
    observe?.({ operation: name, outcome: outcomeOf(response), durationMs: performance.now() - startedAt });
    return response;
  }

  return {
    createIpsecTunnel: (accountId, tunnel, { healthCheckTarget }) =>
      request({
        name: 'create',
        method: 'POST',
        path: ipsecTunnelsPath(accountId),
        headers: targetHeader(healthCheckTarget),
        body: tunnel,
        secrets: recentKeys.add(tunnel),
        result: createdTunnelSchema,
      }),
    validateIpsecTunnel: (accountId, tunnel, { healthCheckTarget }) =>
      request({
        name: 'validate',
        method: 'POST',
        path: `${ipsecTunnelsPath(accountId)}?validate_only=true`,
        headers: targetHeader(healthCheckTarget),
        body: tunnel,
        secrets: recentKeys.add(tunnel),
        result: z.unknown(),
        isRepeatable: true,
      }),
    listIpsecTunnels: (accountId, { healthCheckTarget }) =>
      request({
        name: 'list',
        method: 'GET',
        path: ipsecTunnelsPath(accountId),
        headers: targetHeader(healthCheckTarget),
        secrets: recentKeys.all(),
        result: listSchema,
        isRepeatable: true,
      }),
    verifyToken: (accountId) =>
      request({
        name: 'verify-token',
        method: 'GET',
        path: accountId === undefined ? '/user/tokens/verify' : `/accounts/${accountId}/tokens/verify`,
        result: tokenSchema,
      }),
    close: async () => (await pool)?.close(),
  };
}

const listSchema = tunnelListSchema.transform(({ ipsec_tunnels }) => ipsec_tunnels);
const tokenSchema = z.looseObject({ status: z.string() });

const JSON_BODY = { 'content-type': 'application/json' };
/** JSON as it is: compressed, a few kilobytes could grow into any number of megabytes here. */
const ACCEPTED = { accept: 'application/json', 'accept-encoding': 'identity' };
const TARGET_AS_OBJECT = { [HEALTH_CHECK_TARGET_HEADER]: 'true' };

function targetHeader(form: IpsecTunnelRules['healthCheckTarget']): Record<string, string> {
  return form === 'object' ? TARGET_AS_OBJECT : {};
}

function outcomeOf(response: UpstreamResponse): UpstreamCall['outcome'] {
  if (response.kind !== 'response') return response.kind;
  return response.success ? 'succeeded' : 'refused';
}

/** What the exchange brought: the envelope and its result, parsed here and nowhere else. */
function readResponse<Result>(
  exchanged: Exchange,
  resultSchema: z.ZodType<Result>,
  secrets: readonly Sought[],
): UpstreamResponse<Result> {
  if (exchanged.kind !== 'response') return exchanged;
  const { status, headers } = exchanged;
  const head = {
    status,
    cfRay: safeHeader(headers['cf-ray'], secrets),
    retryAfter: safeHeader(headers['retry-after'], secrets),
  };
  const unintelligible = (content: UnexpectedContent) => ({ kind: 'unintelligible', ...head, content }) as const;
  if (exchanged.isTooLong) return unintelligible('too much content');
  if (!isPlain(headers)) return unintelligible('compressed content');
  const json = withoutSecrets(exchanged.text, secrets);
  if (json === undefined) return unintelligible(contentOf(exchanged.text));
  const { data: envelope } = envelopeSchema.safeParse(json);
  if (envelope === undefined) return unintelligible('JSON of another form');
  if (!envelope.success) {
    const isError = status >= 400 && status < 600;
    return isError ? { kind: 'response', ...head, envelope, success: false } : unintelligible('an unexpected result');
  }
  const result = resultSchema.safeParse(envelope.result);
  const isSuccess = status >= 200 && status < 300 && result.success;
  return isSuccess
    ? { kind: 'response', ...head, envelope, success: true, result: result.data }
    : unintelligible('an unexpected result');
}

function isPlain({ 'content-encoding': encoding }: IncomingHttpHeaders): boolean {
  return encoding === undefined || encoding === 'identity';
}

/** What a text is that is not JSON. */
function contentOf(text: string): UnexpectedContent {
  if (text.trim() === '') return 'no content';
  return /^\s*<(?:!doctype html|html|head|body)\b/i.test(text) ? 'HTML' : 'content that is not JSON';
}

/** A header's value if it is one short word or date and has no secret in it, so that it can be passed on. */
function safeHeader(value: string | string[] | undefined, secrets: readonly Sought[]): string | undefined {
  if (typeof value !== 'string' || !/^[\w ,:+-]{1,64}$/.test(value)) return undefined;
  return repeatsSecret(value, secrets) ? undefined : value;
}
