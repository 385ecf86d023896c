// The stand-in for Cloudflare: a server of its own on a loopback socket, reached like the real one.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { successEnvelope } from '@tunnel-desk/shared/api/envelope';
import type { Session } from '@tunnel-desk/shared/api/session';
import { type FastifyInstance, fastify } from 'fastify';
import { Secret } from '../secret.ts';
import { openAccounts, type SandboxAccount } from './accounts.ts';
import { acceptEmptyBodies } from './empty-bodies.ts';
import { registerGraphql } from './graphql/routes.ts';
import { type FailureFor, registerInjectedFailures } from './injected-failures.ts';
import { registerNeighbours } from './neighbour-routes.ts';
import { CODES, refuse } from './responses.ts';
import { registerTunnels } from './tunnel-routes.ts';

export interface SandboxOptions {
  /** The accounts that are onboarded to Magic WAN. */
  readonly accountIds: readonly string[];
  readonly rules: Session['rules'];
  /** How many tunnels the first account starts with; none when absent. */
  readonly tunnels?: number;
  /** The bearer token it asks for; a random one when absent. */
  readonly token?: Secret;
  /** What an update does to an optional field that it leaves out: reset it, the default, or keep it, for tests. */
  readonly updates?: 'replace' | 'merge';
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
  acceptEmptyBodies(app);
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, CODES.noSuchRoute, 'No route for that URI'));
  app.setErrorHandler((_error, _request, reply) => refuse(reply, 400, CODES.invalid, 'The request is malformed'));
  const tokenId = randomBytes(16).toString('hex');
  app.get(`${BASE_PATH}/user/tokens/verify`, async () => successEnvelope({ id: tokenId, status: 'active' }));
  const now = () => Date.now() + clockOffsetMs;
  const accounts = openAccounts({ ...options, now });
  const tunnelsOf = (accountId: string) => accounts.get(accountId)?.tunnels.list();
  await app.register(async (api) => registerGraphql(api, { tunnelsOf, now }), { prefix: BASE_PATH });
  await app.register(async (api) => registerAccounts(api, accounts, { ...options, now }), { prefix: BASE_PATH });
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

function registerAccounts(
  app: FastifyInstance,
  accounts: ReadonlyMap<string, SandboxAccount>,
  { rules, listLagMs = 0, pageSize, now }: SandboxOptions & { readonly now: () => number },
): void {
  app.addHook<{ Params: { account_id: string } }>('preHandler', async (request, reply) => {
    if (accounts.has(request.params.account_id)) return undefined;
    return refuse(reply, 400, CODES.notOnboarded, 'The account is not onboarded to Magic WAN or Magic Transit');
  });

  function accountOf(accountId: string): SandboxAccount {
    const account = accounts.get(accountId);
    if (account === undefined) throw new Error('the account was allowed, and is unknown');
    return account;
  }

  registerTunnels(app, { storeOf: (accountId) => accountOf(accountId).tunnels, rules, now, listLagMs, pageSize });
  registerNeighbours(app, (accountId) => accountOf(accountId).neighbours);
}
