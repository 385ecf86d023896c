// The one place that speaks HTTP with Cloudflare: a function per API operation, each ending in a typed answer.

import type { IncomingHttpHeaders } from 'node:http';
import { type Envelope, envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { HEALTH_CHECK_TARGET_HEADER, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { createdTunnelSchema, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import type { OutgoingProxy } from '../outgoing-proxy.ts';
import type { Secret } from '../secret.ts';
import type { UpstreamAnswer } from './answer.ts';
import { openConnections } from './connections.ts';
import { exchange } from './exchange.ts';
import { withRetries } from './retry.ts';
import { repeatsSecret, withoutSecrets } from './without-secrets.ts';

export interface ListOptions {
  /** In which form the tunnels' health-check targets are written. */
  readonly healthCheckTarget: IpsecTunnelRules['healthCheckTarget'];
}

export interface CreateOptions extends ListOptions {
  /** Validate without persisting anything. */
  readonly validateOnly: boolean;
}

/** One call as it ended, by words of fixed sets. */
export interface UpstreamCall {
  readonly operation: 'create' | 'validate' | 'list' | 'verify-token';
  readonly outcome: 'succeeded' | 'refused' | Exclude<UpstreamAnswer['kind'], 'answered'>;
  readonly durationMs: number;
}

export interface CloudflareClient {
  createIpsecTunnel(
    accountId: string,
    request: CreateIpsecTunnelRequest,
    options: CreateOptions,
  ): Promise<UpstreamAnswer>;
  listIpsecTunnels(accountId: string, options: ListOptions): Promise<UpstreamAnswer>;
  /** Asks about the token itself: a person's, or with an account ID that account's own. Never repeated. */
  verifyToken(accountId?: string): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

export interface CloudflareClientOptions {
  /** Without a trailing slash, such as `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  readonly token: Secret;
  /** For one whole call, in milliseconds. */
  readonly timeoutMs: number;
  /** The way to what is not on this machine. */
  readonly proxy?: OutgoingProxy | undefined;
  /** Told of every single call, repetitions too. */
  readonly observe?: ((call: UpstreamCall) => void) | undefined;
}

/**
 * A client that sends a create once and repeats only what changes nothing, follows no redirect, inflates nothing, and
 * keeps the token and keys out of every answer.
 */
export function createCloudflareClient(options: CloudflareClientOptions): CloudflareClient {
  const { baseUrl, token, timeoutMs, proxy, observe } = options;
  const { origin, pathname } = new URL(baseUrl);
  const connections = openConnections({ origin, timeoutMs, proxy });

  async function call(operation: Operation, limitMs: number): Promise<UpstreamAnswer> {
    const startedAt = performance.now();
    const answer = await send(operation, limitMs);
    observe?.({ operation: operation.name, outcome: outcomeOf(answer), durationMs: performance.now() - startedAt });
    return answer;
  }

  async function send(operation: Operation, limitMs: number): Promise<UpstreamAnswer> {
    const { method, path, headers = {}, body, secrets = [], resultSchema } = operation;
    const outcome = await exchange(connections, limitMs, {
      origin,
      method,
      path: (pathname === '/' ? '' : pathname) + path,
      headers: { ...headers, ...ACCEPTED, authorization: `Bearer ${token.reveal()}` },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (outcome.kind !== 'response') return outcome;
    const { status, headers: answered, text } = outcome;
    const everySecret = [token.reveal(), ...secrets];
    const cfRay = safeHeader(answered['cf-ray'], everySecret);
    const retryAfter = safeHeader(answered['retry-after'], everySecret);
    const envelope = isPlain(answered) ? parseEnvelope(text, status, everySecret, resultSchema) : undefined;
    return envelope === undefined
      ? { kind: 'unintelligible', status, cfRay, retryAfter }
      : { kind: 'answered', status, envelope, cfRay, retryAfter };
  }

  const callRepeatably = (operation: Operation) =>
    withRetries(timeoutMs, (remainingMs) => call(operation, remainingMs));

  return {
    createIpsecTunnel: (accountId, request, { validateOnly, healthCheckTarget }) => {
      const operation: Operation = {
        name: validateOnly ? 'validate' : 'create',
        method: 'POST',
        path: ipsecTunnelsPath(accountId) + (validateOnly ? '?validate_only=true' : ''),
        headers: { 'content-type': 'application/json', ...targetHeader(healthCheckTarget) },
        body: request,
        secrets: request.psk === undefined ? [] : [request.psk],
        resultSchema: validateOnly ? z.unknown() : createdTunnelSchema,
      };
      return validateOnly ? callRepeatably(operation) : call(operation, timeoutMs);
    },
    listIpsecTunnels: (accountId, { healthCheckTarget }) =>
      callRepeatably({
        name: 'list',
        method: 'GET',
        path: ipsecTunnelsPath(accountId),
        headers: targetHeader(healthCheckTarget),
        resultSchema: tunnelListSchema,
      }),
    verifyToken: (accountId) =>
      call(
        {
          name: 'verify-token',
          method: 'GET',
          path: accountId === undefined ? '/user/tokens/verify' : `/accounts/${accountId}/tokens/verify`,
          resultSchema: z.unknown(),
        },
        timeoutMs,
      ),
    close: () => connections.close(),
  };
}

/** JSON as it is: compressed, a few kilobytes could grow into any number of megabytes here. */
const ACCEPTED = { accept: 'application/json', 'accept-encoding': 'identity' };

function isPlain({ 'content-encoding': encoding }: IncomingHttpHeaders): boolean {
  return encoding === undefined || encoding === 'identity';
}

function targetHeader(form: IpsecTunnelRules['healthCheckTarget']): Record<string, string> {
  return form === 'object' ? { [HEALTH_CHECK_TARGET_HEADER]: 'true' } : {};
}

interface Operation {
  readonly name: UpstreamCall['operation'];
  readonly method: 'GET' | 'POST';
  /** Below the base URL, query included. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What of the body no answer may repeat. */
  readonly secrets?: readonly string[];
  /** What a success must bear as its `result`. */
  readonly resultSchema: z.ZodType;
}

function outcomeOf(answer: UpstreamAnswer): UpstreamCall['outcome'] {
  if (answer.kind !== 'answered') return answer.kind;
  return answer.envelope.success ? 'succeeded' : 'refused';
}

/** The envelope in the text, if it is one and agrees with its status; else `undefined`. */
function parseEnvelope(
  text: string,
  status: number,
  secrets: readonly string[],
  resultSchema: z.ZodType,
): Envelope | undefined {
  const { success, data: envelope } = envelopeSchema.safeParse(withoutSecrets(text, secrets));
  if (!success) return undefined;
  const isSuccess = status >= 200 && status < 300;
  const isRefusal = status >= 400 && status < 600;
  if (envelope.success ? !isSuccess || !resultSchema.safeParse(envelope.result).success : !isRefusal) return undefined;
  return envelope;
}

/** A header's value if it is one short word or date and bears no secret, so that it can be passed on. */
function safeHeader(value: string | string[] | undefined, secrets: readonly string[]): string | undefined {
  if (typeof value !== 'string' || !/^[\w ,:+-]{1,64}$/.test(value)) return undefined;
  return repeatsSecret(value, secrets) ? undefined : value;
}
