// A real desk for each test: the server on a socket of its own, and behind it a sandbox that can be made to fail.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { buildApp } from '@tunnel-desk/server/app';
import { readConfig } from '@tunnel-desk/server/config';
import type { InjectedFailure } from '@tunnel-desk/server/sandbox/injected-failures';
import { startSandbox } from '@tunnel-desk/server/sandbox/sandbox';
import { Secret } from '@tunnel-desk/server/secret';
import { envelopeSchema, failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ipsecTunnelPath, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { type IpsecTunnel, ipsecTunnelSchema, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

export const ACCOUNT = { id: '0123456789abcdef0123456789abcdef', label: 'Acme production' };
export const TOKEN = 'token-of-the-browser-tests';
/** For a test of a slow Cloudflare: short enough to wait for, and long enough for what is not slow on a busy machine. */
export const SHORT_UPSTREAM_TIMEOUT = { UPSTREAM_TIMEOUT_MS: '2000' };
/** Marks the requests that a test itself makes upstream, past every failure. */
const OWN_LOOK = 'x-own-look';
const GRAPHQL = '/graphql';
const LIST_REFUSED: InjectedFailure = { kind: 'response', status: 403, body: 'lists are not allowed', handled: false };

export interface Desk {
  readonly url: string;
  /** The upstream requests so far, as `POST /path?query`; those for health, which the pages make by themselves, apart. */
  readonly upstreamRequests: readonly string[];
  /** What the desk itself has responded so far, as `403 POST /path?query`. */
  readonly responses: readonly string[];
  /**
   * What goes wrong upstream from now on with every change and validation; nothing when `undefined`. With `thenReads`, reads
   * fail from the first of them on, so that what became of it cannot be looked into.
   */
  failUpstream(failure: InjectedFailure | undefined, options?: { readonly thenReads: boolean }): void;
  /** Whether reads fail from now on, so that a change cannot be looked into. */
  failLists(fails: boolean): void;
  /** What the upstream responds from now on to reads of this path, such as one of its lists; `undefined` for as it does. */
  respondUpstream(path: string, response: UpstreamListResponse | undefined): void;
  /** What goes wrong upstream from now on with every query for health; nothing when `undefined`. */
  failHealth(failure: InjectedFailure | undefined): void;
  /** Stops the upstream: nobody listens there any more. */
  stopUpstream(): Promise<void>;
  /** Stops the desk itself, as when its host goes down. */
  stop(): Promise<void>;
  /** The tunnels the upstream holds. */
  tunnels(): Promise<IpsecTunnel[]>;
  /** Creates a tunnel upstream, past the desk. */
  createElsewhere(request: object): Promise<IpsecTunnel>;
  /** Changes a tunnel upstream, past the desk, as somebody in Cloudflare's dashboard would. */
  updateElsewhere(tunnelId: string, request: object): Promise<void>;
  deleteElsewhere(tunnelId: string): Promise<void>;
}

/** A list's result, or the status and code of a refusal. */
export type UpstreamListResponse = { readonly result: unknown } | { readonly status: number; readonly code: number };

export interface DeskOptions {
  /** Variables of the server's environment, beside or instead of those of a desk with one account. */
  environment: Record<string, string>;
  /** What the upstream does to an optional field that an update leaves out. */
  updates: 'replace' | 'merge';
  /** How many tunnels the upstream starts with, which are years old. */
  seeded: number;
}

function inEnvelope(response: UpstreamListResponse): InjectedFailure {
  const [status, envelope] =
    'result' in response
      ? [200, successEnvelope(response.result)]
      : [response.status, failureEnvelope([{ code: response.code, message: 'refused' }])];
  const headers = { 'content-type': 'application/json' };
  return { kind: 'response', status, headers, body: JSON.stringify(envelope), handled: false };
}

async function startDesk({ environment, updates, seeded }: DeskOptions) {
  let healthFailure: InjectedFailure | undefined;
  let failure: InjectedFailure | undefined;
  let readsFailNext = false;
  let listsFail = false;
  const upstreamRequests: string[] = [];
  const upstreamResponses = new Map<string, UpstreamListResponse>();
  const token = new Secret(TOKEN);
  const sandbox = await startSandbox({
    accountIds: [ACCOUNT.id],
    rules: { interfaceAddressRules: 'reference' },
    token,
    updates,
    tunnels: seeded,
    failureFor: ({ method, url, headers }) => {
      if (headers[OWN_LOOK] !== undefined) return undefined;
      if (url.endsWith(GRAPHQL)) return healthFailure;
      upstreamRequests.push(`${method} ${url}`);
      if (method !== 'GET') {
        listsFail ||= readsFailNext;
        return failure;
      }
      const response = [...upstreamResponses].find(([path]) => url.endsWith(path))?.[1];
      if (response !== undefined && !listsFail) return inEnvelope(response);
      return listsFail ? LIST_REFUSED : undefined;
    },
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'tunnel-desk-e2e-'));
  const result = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    SETTLE_SECONDS: '1',
    CLOUDFLARE_API_BASE_URL: sandbox.baseUrl,
    CLOUDFLARE_API_TOKEN: TOKEN,
    CLOUDFLARE_ACCOUNTS: `${ACCOUNT.id}=${ACCOUNT.label}`,
    CLOUDFLARE_ENDPOINTS: '198.51.100.1,203.0.113.1',
    ...environment,
  });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  const app = await buildApp(result.config);
  const responses: string[] = [];
  app.addHook('onResponse', async ({ method, url }, { statusCode }) => {
    responses.push(`${statusCode} ${method} ${url}`);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  async function callUpstream(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(sandbox.baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json', [OWN_LOOK]: 'yes' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const { success, errors, result } = envelopeSchema.parse(await response.json());
    if (!success) throw new Error(`the upstream refused ${method} ${path}: ${errors[0]?.message}`);
    return result;
  }

  const desk: Desk = {
    url,
    upstreamRequests,
    responses,
    failUpstream: (next, options) => {
      failure = next;
      readsFailNext = options?.thenReads ?? false;
    },
    failLists: (fails) => {
      listsFail = fails;
    },
    respondUpstream: (path, response) => {
      if (response === undefined) upstreamResponses.delete(path);
      else upstreamResponses.set(path, response);
    },
    failHealth: (next) => {
      healthFailure = next;
    },
    stopUpstream: () => sandbox.close(),
    stop: () => app.close(),
    async tunnels() {
      return tunnelListSchema.parse(await callUpstream('GET', ipsecTunnelsPath(ACCOUNT.id))).ipsec_tunnels;
    },
    async createElsewhere(request) {
      return ipsecTunnelSchema.parse(await callUpstream('POST', ipsecTunnelsPath(ACCOUNT.id), request));
    },
    async updateElsewhere(tunnelId, request) {
      await callUpstream('PUT', ipsecTunnelPath(ACCOUNT.id, tunnelId), request);
    },
    async deleteElsewhere(tunnelId) {
      await callUpstream('DELETE', ipsecTunnelPath(ACCOUNT.id, tunnelId));
    },
  };
  return {
    desk,
    async close() {
      await app.close();
      await sandbox.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export const test = base.extend<{ desk: Desk } & DeskOptions>({
  environment: [{}, { option: true }],
  updates: ['replace', { option: true }],
  seeded: [0, { option: true }],
  desk: async ({ environment, updates, seeded }, use) => {
    const { desk, close } = await startDesk({ environment, updates, seeded });
    await use(desk);
    await close();
  },
  baseURL: async ({ desk }, use) => use(desk.url),
});

export { expect } from '@playwright/test';
