// The one place that speaks HTTP with Cloudflare: `request` sends any operation, and each operation is a few lines.

import type { ChangeAction } from '@tunnel-desk/shared/api/changes';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import {
  generatePskPath,
  HEALTH_CHECK_TARGET_HEADER,
  ipsecTunnelPath,
  ipsecTunnelsPath,
} from '@tunnel-desk/shared/api/paths';
import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import {
  createdTunnelSchema,
  deletedTunnelSchema,
  generatedPskSchema,
  type IpsecTunnel,
  modifiedTunnelSchema,
  tunnelResultSchema,
} from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { OutgoingProxy } from '../outgoing-proxy.ts';
import { Secret } from '../secret.ts';
import { type Exchange, type ExchangeRequest, exchange, isPlain, openExchange } from './exchange.ts';
import { GRAPHQL_PATH, type GraphqlQuery, type GraphqlResponse, MAX_GRAPHQL_BYTES, readGraphql } from './graphql.ts';
import { hiddenSecret } from './hidden-secret.ts';
import { type OpenPage, openPage, type PageEnd, type PageOptions, pageRestSchema } from './list-page.ts';
import type { NeighbourList } from './neighbour-lists.ts';
import { rememberKeys } from './recent-keys.ts';
import type {
  EnvelopeResponse,
  JsonResponse,
  NoResponse,
  ResponseHead,
  UnexpectedContent,
  UpstreamResponse,
} from './response.ts';
import { parseHttpDate, plausibleRetryAfter, withRetries } from './retry.ts';
import { type ArrivingList, HELD_BACK_BYTES, listAsJson, listWholly, type TunnelList } from './tunnel-list.ts';
import { repeatsSecret, type Sought, withoutSecrets } from './without-secrets.ts';

export interface TunnelOptions {
  /** In which form the tunnels' health-check targets are written. */
  readonly healthCheckTarget: IpsecTunnelRules['healthCheckTarget'];
}

export interface ValidateOnly {
  /** Whether Cloudflare is to validate it without changing anything. */
  readonly validateOnly: boolean;
}

export interface GeneratedPsk {
  readonly psk: Secret;
}

/** One call as it ended, by words of fixed sets. */
export interface UpstreamCall {
  readonly operation:
    | ChangeAction
    | 'validate'
    | 'get'
    | 'list'
    | NeighbourList['name']
    | 'query-graphql'
    | 'verify-token';
  readonly outcome: 'succeeded' | 'refused' | 'abandoned' | Exclude<UpstreamResponse['kind'], 'response'>;
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
  getIpsecTunnel(
    accountId: string,
    tunnelId: string,
    options: TunnelOptions,
    limitMs?: number,
  ): Promise<UpstreamResponse<IpsecTunnel>>;
  updateIpsecTunnel(
    accountId: string,
    tunnelId: string,
    tunnel: CreateIpsecTunnelRequest,
    options: TunnelOptions & ValidateOnly,
  ): Promise<UpstreamResponse<z.infer<typeof modifiedTunnelSchema> | null>>;
  deleteIpsecTunnel(
    accountId: string,
    tunnelId: string,
    options: TunnelOptions & ValidateOnly,
  ): Promise<UpstreamResponse<z.infer<typeof deletedTunnelSchema> | null>>;
  /** Replaces the tunnel's key. The new one is in the result alone, and never in the envelope. */
  generatePsk(accountId: string, tunnelId: string): Promise<UpstreamResponse<GeneratedPsk>>;
  /** Has Cloudflare validate that without changing the key. */
  validateGeneratePsk(accountId: string, tunnelId: string): Promise<UpstreamResponse>;
  /** The list as it arrives, through all its pages, to be passed on. */
  passOnIpsecTunnels(accountId: string, options: TunnelOptions): Promise<ArrivingList | UpstreamResponse>;
  /** Every page of the list; `limitMs` is for all of them, in milliseconds, and no more than that of any call. */
  listIpsecTunnels(accountId: string, options: TunnelOptions, limitMs?: number): Promise<UpstreamResponse<TunnelList>>;
  /** A list of what the account has beside its IPsec tunnels. */
  listNeighbours(list: NeighbourList, accountId: string, options: TunnelOptions): Promise<UpstreamResponse>;
  /** Asks the GraphQL API, whose responses have no envelope. */
  queryGraphql<Data>(query: GraphqlQuery<Data>): Promise<GraphqlResponse<Data>>;
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

interface Call {
  readonly name: UpstreamCall['operation'];
  readonly method: ExchangeRequest['method'];
  /** Below the base URL, query included. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of its response, where it may be longer than that to others. */
  readonly maxBytes?: number;
}

interface Operation<Result> extends Call {
  /** What no response may repeat, beside the token. */
  readonly secrets?: readonly Sought[];
  /** What the response itself tells that is a secret, found in its text before anything else is. */
  readonly secretsIn?: (text: string) => readonly Sought[];
  /** What the result of a success must be, and how it is read. */
  readonly result: z.ZodType<Result>;
  /** Whether it changes nothing, and is therefore repeated where another try may help. */
  readonly isRepeatable?: boolean;
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

  async function request<Result>(operation: Operation<Result>, limitMs = timeoutMs): Promise<UpstreamResponse<Result>> {
    const response = await (operation.isRepeatable
      ? withRetries(limitMs, (remainingMs) => attempt(operation, remainingMs))
      : attempt(operation, limitMs));
    // Only now: until here, one that asks for hours keeps the call from being repeated.
    return 'retryAfter' in response ? { ...response, retryAfter: plausibleRetryAfter(response.retryAfter) } : response;
  }

  /** One page of the list of tunnels. Repeated until so many bytes of entries are there: from then on it is read once. */
  async function requestPage<Entry>(
    accountId: string,
    { healthCheckTarget }: TunnelOptions,
    {
      query,
      limitMs,
      ...kept
    }: { query: string; limitMs: number } & Pick<PageOptions<Entry>, 'toEntry' | 'aheadBytes'>,
  ): Promise<OpenPage<Entry> | PageEnd> {
    const secrets = [soughtToken, ...recentKeys.all()];
    const page = await withRetries(limitMs, async (remainingMs) => {
      pool ??= open();
      const dispatcher = await pool;
      const startedAt = performance.now();
      const exchanged = await openExchange(dispatcher, remainingMs, {
        origin,
        method: 'GET',
        path: basePath + ipsecTunnelsPath(accountId) + query,
        headers: { ...targetHeader(healthCheckTarget), ...commonHeaders },
        body: null,
      });
      return openPage(exchanged, {
        ...kept,
        secrets,
        headOf: (response) => headOf(response, secrets),
        readResponse: (whole) => readResponse(whole, pageRestSchema, secrets),
        onEnd(end) {
          // Without the time that whoever reads the page took for it.
          const durationMs = exchanged.kind === 'response' ? exchanged.body.waitedMs() : performance.now() - startedAt;
          observe?.({ operation: 'list', outcome: end === 'abandoned' ? end : outcomeOf(end), durationMs });
        },
      });
    });
    return 'retryAfter' in page ? { ...page, retryAfter: plausibleRetryAfter(page.retryAfter) } : page;
  }

  function attempt<Result>(operation: Operation<Result>, limitMs: number): Promise<UpstreamResponse<Result>> {
    const { secrets = [], secretsIn, result } = operation;
    return send(operation, limitMs, (exchanged) => {
      const told = exchanged.kind === 'response' ? secretsIn?.(exchanged.text) : undefined;
      return readResponse(exchanged, result, [soughtToken, ...secrets, ...(told ?? [])]);
    });
  }

  /** Sends the call once, and tells how it ended. */
  async function send<Response extends EndedCall>(
    { name, method, path, headers, body, maxBytes }: Call,
    limitMs: number,
    read: (exchanged: Exchange) => Response,
  ): Promise<Response> {
    pool ??= open();
    const dispatcher = await pool;
    const startedAt = performance.now();
    const sent = {
      origin,
      method,
      path: basePath + path,
      headers: { ...headers, ...commonHeaders, ...(body !== undefined && JSON_BODY) },
      body: body === undefined ? null : JSON.stringify(body),
    };
    const response = read(await exchange(dispatcher, limitMs, sent, maxBytes));
    observe?.({ operation: name, outcome: outcomeOf(response), durationMs: performance.now() - startedAt });
    return response;
  }

  async function queryGraphql<Data>({ text, variables, data }: GraphqlQuery<Data>): Promise<GraphqlResponse<Data>> {
    const body = { query: text, variables };
    const call = {
      name: 'query-graphql',
      method: 'POST',
      path: GRAPHQL_PATH,
      body,
      maxBytes: MAX_GRAPHQL_BYTES,
    } as const;
    const response = await withRetries(timeoutMs, (remainingMs) =>
      send(call, remainingMs, (exchanged) => readGraphql(readJson(exchanged, [soughtToken]), data)),
    );
    return 'retryAfter' in response ? { ...response, retryAfter: plausibleRetryAfter(response.retryAfter) } : response;
  }

  async function generatePsk(accountId: string, tunnelId: string): Promise<UpstreamResponse<GeneratedPsk>> {
    let psk: string | undefined;
    const response = await request({
      ...changing('generate-psk', false),
      method: 'POST',
      path: generatePskPath(accountId, tunnelId),
      secrets: recentKeys.all(),
      secretsIn: (text) => {
        psk = pskIn(text);
        return recentKeys.add({ psk });
      },
      result: NOTHING,
    });
    if (response.kind !== 'response' || !response.success) return response;
    if (psk !== undefined) return { ...response, result: { psk: new Secret(psk) } };
    const { status, cfRay, retryAfter } = response;
    return { kind: 'unintelligible', status, cfRay, retryAfter, content: 'an unexpected result' };
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
        path: ipsecTunnelsPath(accountId) + validateQuery(true),
        headers: targetHeader(healthCheckTarget),
        body: tunnel,
        secrets: recentKeys.add(tunnel),
        result: z.unknown(),
        isRepeatable: true,
      }),
    getIpsecTunnel: (accountId, tunnelId, { healthCheckTarget }, limitMs = timeoutMs) =>
      request(
        {
          name: 'get',
          method: 'GET',
          path: ipsecTunnelPath(accountId, tunnelId),
          headers: targetHeader(healthCheckTarget),
          secrets: recentKeys.all(),
          result: tunnelResultSchema.transform(({ ipsec_tunnel }) => ipsec_tunnel),
          isRepeatable: true,
        },
        Math.min(limitMs, timeoutMs),
      ),
    updateIpsecTunnel: (accountId, tunnelId, tunnel, { healthCheckTarget, validateOnly }) =>
      request({
        ...changing('update', validateOnly),
        method: 'PUT',
        path: ipsecTunnelPath(accountId, tunnelId) + validateQuery(validateOnly),
        headers: targetHeader(healthCheckTarget),
        body: tunnel,
        secrets: recentKeys.add(tunnel),
        result: validateOnly ? NOTHING : modifiedTunnelSchema,
      }),
    deleteIpsecTunnel: (accountId, tunnelId, { healthCheckTarget, validateOnly }) =>
      request({
        ...changing('delete', validateOnly),
        method: 'DELETE',
        path: ipsecTunnelPath(accountId, tunnelId) + validateQuery(validateOnly),
        headers: targetHeader(healthCheckTarget),
        secrets: recentKeys.all(),
        result: validateOnly ? NOTHING : deletedTunnelSchema,
      }),
    generatePsk,
    validateGeneratePsk: (accountId, tunnelId) =>
      request({
        ...changing('generate-psk', true),
        method: 'POST',
        path: generatePskPath(accountId, tunnelId) + validateQuery(true),
        result: NOTHING,
      }),
    passOnIpsecTunnels: (accountId, target) =>
      listAsJson(timeoutMs, (query, limitMs) =>
        requestPage(accountId, target, {
          ...{ query, limitMs, aheadBytes: HELD_BACK_BYTES },
          toEntry: ({ id }, json) => ({ id, json }),
        }),
      ),
    listIpsecTunnels: (accountId, target, totalMs = timeoutMs) =>
      listWholly(Math.min(totalMs, timeoutMs), (query, limitMs) =>
        requestPage(accountId, target, {
          ...{ query, limitMs, aheadBytes: Number.POSITIVE_INFINITY },
          toEntry: (tunnel) => tunnel,
        }),
      ),
    listNeighbours: ({ name, path, result }, accountId, { healthCheckTarget }) =>
      request<unknown>({
        name,
        method: 'GET',
        path: path(accountId),
        headers: targetHeader(healthCheckTarget),
        secrets: recentKeys.all(),
        result,
        isRepeatable: true,
      }),
    queryGraphql,
    verifyToken: (accountId) =>
      request({
        name: 'verify-token',
        method: 'GET',
        path: accountId === undefined ? '/user/tokens/verify' : `/accounts/${accountId}/tokens/verify`,
        result: tokenSchema,
      }),
    // Whoever waits for a call has been responded to by then.
    close: async () => (await pool)?.destroy(),
  };
}

const tokenSchema = z.looseObject({ status: z.string() });
/** What a validation results in is passed on, and not read. */
const NOTHING = z.unknown().transform(() => null);

function validateQuery(validateOnly: boolean): string {
  return validateOnly ? '?validate_only=true' : '';
}

const generatedSchema = z.object({ success: z.literal(true), result: generatedPskSchema });

/** The key in the response to its generation. */
function pskIn(text: string): string | undefined {
  try {
    return generatedSchema.safeParse(JSON.parse(text)).data?.result.psk;
  } catch {
    return undefined;
  }
}

/** What a change is called, and whether it may be repeated. */
function changing(action: ChangeAction, validateOnly: boolean) {
  return { name: validateOnly ? 'validate' : action, isRepeatable: validateOnly } as const;
}

const JSON_BODY = { 'content-type': 'application/json' };
/** JSON as it is: compressed, a few kilobytes could grow into any number of megabytes here. */
const ACCEPTED = { accept: 'application/json', 'accept-encoding': 'identity' };
const TARGET_AS_OBJECT = { [HEALTH_CHECK_TARGET_HEADER]: 'true' };

function targetHeader(form: IpsecTunnelRules['healthCheckTarget']): Record<string, string> {
  return form === 'object' ? TARGET_AS_OBJECT : {};
}

type EndedCall = Pick<EnvelopeResponse<unknown>, 'kind' | 'success'> | NoResponse;

function outcomeOf(response: EndedCall): UpstreamCall['outcome'] {
  if (response.kind !== 'response') return response.kind;
  return response.success ? 'succeeded' : 'refused';
}

/** What the exchange brought: the envelope and its result, parsed here and nowhere else. */
function readResponse<Result>(
  exchanged: Exchange,
  resultSchema: z.ZodType<Result>,
  secrets: readonly Sought[],
): UpstreamResponse<Result> {
  const read = readJson(exchanged, secrets);
  if (read.kind !== 'json') return read;
  const { head, json } = read;
  const { status } = head;
  const unintelligible = (content: UnexpectedContent) => ({ kind: 'unintelligible', ...head, content }) as const;
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

/** The response's JSON without any of the secrets, where it is JSON. */
function readJson(exchanged: Exchange, secrets: readonly Sought[]): JsonResponse {
  if (exchanged.kind !== 'response') return exchanged;
  const head = headOf(exchanged, secrets);
  const unintelligible = (content: UnexpectedContent) => ({ kind: 'unintelligible', ...head, content }) as const;
  if (exchanged.isTooLong) return unintelligible('too much content');
  if (!isPlain(exchanged.headers)) return unintelligible('compressed content');
  const json = withoutSecrets(exchanged.text, secrets);
  return json === undefined ? unintelligible(contentOf(exchanged.text)) : { kind: 'json', head, json };
}

function headOf(
  { status, headers }: Pick<Extract<Exchange, { kind: 'response' }>, 'status' | 'headers'>,
  secrets: readonly Sought[],
): ResponseHead {
  return {
    status,
    cfRay: safeHeader(headers['cf-ray'], secrets),
    retryAfter: safeHeader(headers['retry-after'], secrets),
    serverTime: parseHttpDate(headers.date),
  };
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
