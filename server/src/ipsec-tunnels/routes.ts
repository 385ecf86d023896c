// The IPsec tunnel routes: the same paths, bodies and responses as Cloudflare's, with the token added here.

import { failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import { generatePskPath, ipsecTunnelPath, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { Account, Session } from '@tunnel-desk/shared/api/session';
import { createIpsecTunnelRequestSchema, type IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inAccount } from '../api/prefix.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { summaryOf, type UpstreamResponse } from '../cloudflare/response.ts';
import { sendBodyIssues, sendError } from '../http/errors.ts';
import { type ApiResponse, failure, sendResponse } from '../http/response.ts';
import type { Change } from '../submissions/change.ts';
import type { Submissions, Submitted } from '../submissions/submissions.ts';
import { type ChangeCall, readChangeCall, readTargetForm } from './call.ts';
import type { IpsecTunnelChanges } from './changes.ts';
import { generatedKeyIn } from './generate-psk.ts';
import { responseTo, responseToNotRead } from './responses.ts';
import { sendList } from './send-list.ts';
import { commonOf, noted } from './submitting.ts';
import { matches, tagOf } from './tag.ts';
import { refuseTunnelId, type TunnelRoute } from './tunnel-id.ts';

export interface IpsecTunnelRoutesOptions {
  readonly accounts: readonly Account[];
  readonly rules: Session['rules'];
  readonly cloudflare: Pick<CloudflareClient, 'passOnIpsecTunnels' | 'getIpsecTunnel'>;
  readonly submissions: Submissions;
  readonly changes: IpsecTunnelChanges;
}

interface AccountRoute {
  Params: { account_id: string };
}

const PATH = inAccount(ipsecTunnelsPath(':account_id'));
const TUNNEL_PATH = inAccount(ipsecTunnelPath(':account_id', ':tunnel_id'));
const GENERATE_PATH = inAccount(generatePskPath(':account_id', ':tunnel_id'));

const emptyBodySchema = z.strictObject({}).optional();

/** For the plugin of an account, whose ID and the person's role there are checked already. */
export function registerIpsecTunnelRoutes(app: FastifyInstance, options: IpsecTunnelRoutesOptions): void {
  const { accounts, rules, cloudflare, submissions, changes } = options;
  const schemas = new Map(accounts.map(({ id }) => [id, schemasFor(id, rules)]));
  app.addHook<TunnelRoute>('onRequest', refuseTunnelId);

  /** The body of a create or an update; `undefined` where it was refused, and the refusal sent. */
  function readBody(request: FastifyRequest<AccountRoute>, reply: FastifyReply, form: ChangeCall['healthCheckTarget']) {
    const body = schemas.get(request.params.account_id)?.[form].safeParse(request.body);
    if (body === undefined) throw new Error('the account was allowed, and has no schema');
    if (body.success) return body.data;
    sendBodyIssues(reply, body.error);
    return undefined;
  }

  /** The tunnel as it is right before a change of it; `undefined` where that is not to be, and the refusal sent. */
  async function readBefore(
    request: FastifyRequest<TunnelRoute>,
    reply: FastifyReply,
    { healthCheckTarget }: ChangeCall,
  ): Promise<IpsecTunnel | undefined> {
    const { account_id, tunnel_id } = request.params;
    const ifMatch = request.headers['if-match'];
    if (ifMatch !== undefined && matches(ifMatch, '""') === undefined) {
      sendError(reply, 'invalidHeader', 'the header If-Match must be * or the ETag of the tunnel');
      return undefined;
    }
    const response = await cloudflare.getIpsecTunnel(account_id, tunnel_id, { healthCheckTarget });
    request.logDetails = { accountId: account_id, tunnelId: tunnel_id, upstream: summaryOf(response) };
    if (response.kind !== 'response' || !response.success) {
      sendResponse(reply, responseToNotRead(response));
      return undefined;
    }
    const tag = tagOf(response.result);
    if (ifMatch === undefined || matches(ifMatch, tag)) return response.result;
    sendResponse(reply.header('etag', tag), changedSince(response.result, request.body));
    return undefined;
  }

  /** Submits a change of a tunnel that exists: as it is right before, unless the idempotency key was used already. */
  async function submitChange<Request extends object, Options extends string>(
    request: FastifyRequest<TunnelRoute>,
    reply: FastifyReply,
    change: Change<Request, Options>,
    { call, body, options }: ChangeDetails<Request, Options>,
  ): Promise<Submitted | undefined> {
    const { tunnel_id: id } = request.params;
    const common = { ...commonOf(request, call), request: body, options };
    const repeated = await submissions.repeat(change, { ...common, resource: { id, name: '' } });
    if (repeated !== undefined) return noted(request, reply, change, call, repeated);
    const before = await readBefore(request, reply, call);
    if (before === undefined) return undefined;
    const submission = { ...common, resource: { id, name: before.name }, before };
    return noted(request, reply, change, call, await submissions.submit(change, submission));
  }

  app.get<AccountRoute>(PATH, async (request, reply) => {
    const accountId = request.params.account_id;
    const healthCheckTarget = readTargetForm(request, reply);
    if (healthCheckTarget === undefined) return reply;
    const list = await cloudflare.passOnIpsecTunnels(accountId, { healthCheckTarget });
    const note = (end: UpstreamResponse) => {
      request.logDetails = { accountId, upstream: summaryOf(end) };
    };
    if (list.kind === 'arriving') {
      request.logDetails = { accountId, upstream: { kind: list.kind } };
      return sendList(reply, list, note);
    }
    note(list);
    return sendResponse(reply, responseTo(list));
  });

  app.post<AccountRoute>(PATH, async (request, reply) => {
    const call = readChangeCall(request, reply);
    if (call === undefined) return reply;
    const body = readBody(request, reply, call.healthCheckTarget);
    if (body === undefined) return reply;
    const submission = { ...commonOf(request, call), request: body, options: call.healthCheckTarget };
    const submitted = await submissions.submit(changes.create, { ...submission, resource: { name: body.name } });
    return sendResponse(reply, noted(request, reply, changes.create, call, submitted).response);
  });

  app.get<TunnelRoute>(TUNNEL_PATH, async (request, reply) => {
    const { account_id: accountId, tunnel_id: tunnelId } = request.params;
    const healthCheckTarget = readTargetForm(request, reply);
    if (healthCheckTarget === undefined) return reply;
    const response = await cloudflare.getIpsecTunnel(accountId, tunnelId, { healthCheckTarget });
    request.logDetails = { accountId, tunnelId, upstream: summaryOf(response) };
    if (response.kind === 'response' && response.success) reply.header('etag', tagOf(response.result));
    return sendResponse(reply, responseTo(response));
  });

  app.put<TunnelRoute>(TUNNEL_PATH, async (request, reply) => {
    const call = readChangeCall(request, reply);
    if (call === undefined) return reply;
    const body = readBody(request, reply, call.healthCheckTarget);
    if (body === undefined) return reply;
    const details = { call, body, options: call.healthCheckTarget };
    const submitted = await submitChange(request, reply, changes.update, details);
    return submitted === undefined ? reply : sendResponse(reply, submitted.response);
  });

  app.delete<TunnelRoute>(TUNNEL_PATH, MAY_BE_EMPTY, async (request, reply) => {
    const call = readEmptyCall(request, reply);
    if (call === undefined) return reply;
    const details = { call, body: {}, options: call.healthCheckTarget };
    const submitted = await submitChange(request, reply, changes.delete, details);
    return submitted === undefined ? reply : sendResponse(reply, submitted.response);
  });

  app.post<TunnelRoute>(GENERATE_PATH, MAY_BE_EMPTY, async (request, reply) => {
    const call = readEmptyCall(request, reply);
    if (call === undefined) return reply;
    const submitted = await submitChange(request, reply, changes.generatePsk, { call, body: {}, options: 'none' });
    if (submitted === undefined) return reply;
    return sendResponse(reply, call.validateOnly ? submitted.response : withKey(submitted));
  });

  const refusals = [
    { url: PATH, method: ['PUT', 'PATCH', 'DELETE'], allow: 'GET, HEAD, POST', message: ALL_AT_ONCE },
    { url: TUNNEL_PATH, method: ['PATCH'], allow: 'GET, HEAD, PUT, DELETE', message: NO_PATCH },
  ];
  for (const { url, method, allow, message } of refusals) {
    app.route({
      url,
      method,
      config: { mayBeEmpty: true },
      handler: (_request, reply) => sendError(reply.header('allow', allow), 'methodNotAllowed', message),
    });
  }
}

const MAY_BE_EMPTY = { config: { mayBeEmpty: true } } as const;
const ALL_AT_ONCE =
  'this desk never changes or deletes all tunnels of an account at once: send PUT or DELETE to one tunnel at a time';
const NO_PATCH = 'Cloudflare changes a tunnel by PUT with all of its values; there is no PATCH';

interface ChangeDetails<Request extends object, Options extends string> {
  readonly call: ChangeCall;
  readonly body: Request;
  readonly options: Options;
}

/** What a call without a body is made with; `undefined` where it was refused, and the refusal sent. */
function readEmptyCall(request: FastifyRequest<TunnelRoute>, reply: FastifyReply): ChangeCall | undefined {
  const call = readChangeCall(request, reply);
  if (call === undefined || emptyBodySchema.safeParse(request.body ?? undefined).success) return call;
  sendError(reply, 'invalidBody', 'this call takes no body');
  return undefined;
}

/** Both versions of a tunnel that is not as its change began from: as it is, and as it was to be. */
function changedSince(current: IpsecTunnel, body: unknown): ApiResponse {
  const message = 'the tunnel is not as the If-Match header says: it was changed since; nothing was sent';
  const requested = typeof body === 'object' && body !== null ? withoutPsk(body) : null;
  const { status, envelope } = failure('changedSince', message);
  return { status, envelope: { ...failureEnvelope(envelope.errors), result: { current, requested } } };
}

function withoutPsk(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'psk'));
}

/** The response with its key, which goes to this one caller; whoever comes with the same idempotency key again is told so. */
function withKey({ response, upstream, isReplay }: Submitted): ApiResponse {
  if (!response.envelope.success) return response;
  const psk = generatedKeyIn(upstream);
  if (isReplay || psk === undefined) {
    return failure('keyNotShown', 'the key was generated, and shown in the first response alone: generate another one');
  }
  const { envelope } = response;
  return { ...response, envelope: { ...envelope, result: { ...Object(envelope.result), psk: psk.reveal() } } };
}

function schemasFor(accountId: string, rules: Session['rules']) {
  const schemaFor = (healthCheckTarget: IpsecTunnelRules['healthCheckTarget']) =>
    createIpsecTunnelRequestSchema({ accountId, ...rules, healthCheckTarget });
  return { string: schemaFor('string'), object: schemaFor('object') };
}
