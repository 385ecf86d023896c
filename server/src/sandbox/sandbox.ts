// The stand-in for Cloudflare: a server of its own on a loopback socket, reached like the real one.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { HEALTH_CHECK_TARGET_HEADER, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { Session } from '@tunnel-desk/shared/api/session';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
} from '@tunnel-desk/shared/ipsec-tunnels/request';
import { issueText, toIssues, toPointer } from '@tunnel-desk/shared/issues';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { Secret } from '../secret.ts';
import { type FailureFor, registerInjectedFailures } from './injected-failures.ts';
import { present, TunnelStore } from './tunnel-store.ts';

export interface SandboxOptions {
  /** The accounts that are onboarded to Magic WAN. */
  readonly accountIds: readonly string[];
  readonly rules: Session['rules'];
  /** The bearer token it asks for; a random one when absent. */
  readonly token?: Secret;
  /** What goes wrong with a request, for tests; nothing when absent. */
  readonly failureFor?: FailureFor;
  /** How far its clock is ahead, in milliseconds, for tests. */
  readonly clockOffsetMs?: number;
  /** For how long a list does not have a new tunnel, in milliseconds, for tests. */
  readonly listLagMs?: number;
  /** How many tunnels a page of the list has, for tests; all of them in one when absent. */
  readonly pageSize?: number;
}

export interface Sandbox {
  /** What a `CLOUDFLARE_API_BASE_URL` would be. */
  readonly baseUrl: string;
  readonly token: Secret;
  close(): Promise<void>;
}

const BASE_PATH = '/client/v4';

/** Codes that Cloudflare is known to use, and for invalid fields one that stands for its free-text messages. */
const CODES = {
  authentication: 10000,
  notOnboarded: 1012,
  noSuchTunnel: 1032,
  noSuchRoute: 7003,
  invalid: 1001,
} as const;

/** Starts a sandbox on a free loopback port. Its tunnels live in memory and end with it. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const token = options.token ?? new Secret(randomBytes(24).toString('base64url'));
  const app = fastify();
  const { clockOffsetMs = 0 } = options;
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('date', new Date(Date.now() + clockOffsetMs).toUTCString());
  });
  if (options.failureFor) registerInjectedFailures(app, options.failureFor);
  registerAuthentication(app, token);
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, CODES.noSuchRoute, 'No route for that URI'));
  app.setErrorHandler((_error, _request, reply) => refuse(reply, 400, CODES.invalid, 'The request is malformed'));
  const tokenId = randomBytes(16).toString('hex');
  app.get(`${BASE_PATH}/user/tokens/verify`, async () => successEnvelope({ id: tokenId, status: 'active' }));
  await app.register(async (api) => registerTunnels(api, options), { prefix: BASE_PATH });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { baseUrl: origin + BASE_PATH, token, close: () => app.close() };
}

function registerAuthentication(app: FastifyInstance, token: Secret): void {
  const expected = Buffer.from(`Bearer ${token.reveal()}`);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cf-ray', `${randomBytes(8).toString('hex')}-SBX`);
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return undefined;
    return refuse(reply, 403, CODES.authentication, 'Authentication error');
  });
}

interface AccountRoute {
  Params: { account_id: string };
  Querystring: { validate_only?: string; page?: string; per_page?: string };
}

function registerTunnels(app: FastifyInstance, options: SandboxOptions): void {
  const { accountIds, rules, clockOffsetMs = 0, listLagMs = 0, pageSize } = options;
  const now = () => Date.now() + clockOffsetMs;
  const stores = new Map(accountIds.map((id) => [id, new TunnelStore(now)]));
  const path = ipsecTunnelsPath(':account_id');

  app.addHook<AccountRoute>('preHandler', async (request, reply) => {
    if (stores.has(request.params.account_id)) return undefined;
    return refuse(reply, 400, CODES.notOnboarded, 'The account is not onboarded to Magic WAN or Magic Transit');
  });

  app.post<AccountRoute>(path, async (request, reply) => {
    const accountId = request.params.account_id;
    const healthCheckTarget = healthCheckTargetForm(request.headers);
    const parsed = createIpsecTunnelRequestSchema({ accountId, ...rules, healthCheckTarget }).safeParse(request.body);
    if (!parsed.success) {
      const errors = toIssues(parsed.error).map((issue) => invalidField(issueText(issue), toPointer(issue.path)));
      return reply.code(400).send(failureEnvelope(errors));
    }
    const store = storeOf(stores, accountId);
    const conflicts = store
      .conflictsWith(parsed.data)
      .map(({ message, path }) => invalidField(message, toPointer(path)));
    if (conflicts.length > 0) return reply.code(400).send(failureEnvelope(conflicts));
    if (request.query.validate_only === 'true') {
      return successEnvelope(withoutPsk(parsed.data), [
        { code: CODES.invalid, message: 'Validated by the sandbox; not persisted.' },
      ]);
    }
    return successEnvelope(present(store.create(parsed.data), healthCheckTarget));
  });

  app.get<AccountRoute>(path, async (request) => {
    const form = healthCheckTargetForm(request.headers);
    const tunnels = storeOf(stores, request.params.account_id)
      .list()
      .filter(({ created_on }) => listLagMs === 0 || Date.parse(created_on) <= now() - listLagMs)
      .map((tunnel) => present(tunnel, form));
    return pageSize === undefined
      ? successEnvelope({ ipsec_tunnels: tunnels })
      : pageOf(tunnels, Number(request.query.per_page ?? pageSize), Number(request.query.page ?? 1));
  });

  app.get<{ Params: { account_id: string; tunnel_id: string } }>(`${path}/:tunnel_id`, async (request, reply) => {
    const tunnel = storeOf(stores, request.params.account_id).get(request.params.tunnel_id);
    if (tunnel === undefined) return refuse(reply, 404, CODES.noSuchTunnel, 'No such IPsec tunnel');
    return successEnvelope({ ipsec_tunnel: present(tunnel, healthCheckTargetForm(request.headers)) });
  });
}

/** A page in the form of Cloudflare's paged lists. */
function pageOf(tunnels: readonly unknown[], pageSize: number, page: number) {
  const entries = tunnels.slice((page - 1) * pageSize, page * pageSize);
  const count = {
    count: entries.length,
    total_count: tunnels.length,
    total_pages: Math.ceil(tunnels.length / pageSize),
  };
  return { ...successEnvelope({ ipsec_tunnels: entries }), result_info: { page, per_page: pageSize, ...count } };
}

function storeOf(stores: ReadonlyMap<string, TunnelStore>, accountId: string): TunnelStore {
  const store = stores.get(accountId);
  if (store === undefined) throw new Error('the account was allowed, and has no store');
  return store;
}

function healthCheckTargetForm(headers: Readonly<Record<string, unknown>>): 'string' | 'object' {
  return headers[HEALTH_CHECK_TARGET_HEADER] === 'true' ? 'object' : 'string';
}

function withoutPsk({ psk: _, ...rest }: CreateIpsecTunnelRequest) {
  return rest;
}

function invalidField(message: string, pointer: string) {
  return { code: CODES.invalid, message, source: { pointer } };
}

function refuse(reply: FastifyReply, status: number, code: number, message: string): FastifyReply {
  return reply.code(status).send(failureEnvelope([{ code, message }]));
}
