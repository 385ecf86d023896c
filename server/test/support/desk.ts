// A running desk for one test: on a real socket, with every log line kept, searched for secrets and closed at the end.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished } from 'vitest';
import { type AppOptions, buildApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { ACCOUNT_ID, API_TOKEN, PSK } from './samples.ts';
import { SPELLINGS } from './spellings.ts';

export interface DeskOptions extends AppOptions {
  /** What the environment cannot say of a desk without sign-in, as it must not be had: that it is behind a proxy. */
  readonly config?: Partial<Pick<Config, 'publicOrigin' | 'trustedProxies'>>;
}

export interface Desk {
  readonly app: FastifyInstance;
  /** Such as `http://127.0.0.1:40000`. */
  readonly origin: string;
  /** Where the test account's tunnels are. */
  readonly tunnels: string;
  readonly logLines: readonly string[];
}

/** A folder of its own, gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-desk-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function configFrom(environment: NodeJS.ProcessEnv): Config {
  const result = readConfig(environment);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

/** The embedded sandbox stands behind it unless the environment names an upstream. */
export async function startDesk(
  environment: NodeJS.ProcessEnv = {},
  { config: behindProxy, ...options }: DeskOptions = {},
): Promise<Desk> {
  const logLines: string[] = [];
  const configured = configFrom({
    LOG_LEVEL: 'trace',
    UPSTREAM: 'sandbox',
    CLOUDFLARE_ACCOUNTS: `${ACCOUNT_ID}=Head office`,
    DATA_DIR: temporaryFolder(),
    ...environment,
  });
  const config = { ...configured, ...behindProxy };
  const app = await buildApp(config, { ...options, logStream: { write: (line) => void logLines.push(line) } });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await app.close();
    expectNoSecretIn(logLines.join(''));
  });
  return { app, origin, tunnels: origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID), logLines };
}

/** The environment of a desk whose Cloudflare is at this address. */
export function upstreamAt(baseUrl: string): NodeJS.ProcessEnv {
  return { UPSTREAM: 'cloudflare', CLOUDFLARE_API_BASE_URL: baseUrl, CLOUDFLARE_API_TOKEN: API_TOKEN };
}

export type Answer = Awaited<ReturnType<typeof ask>>;

/** One request, its answer read whole and searched for secrets. */
export async function ask(url: string, init?: RequestInit) {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const { status, statusText, headers } = response;
  const text = await response.text();
  const everything = [`${status} ${statusText}`, ...[...headers].map((pair) => pair.join(': ')), text].join('\n');
  expectNoSecretIn(everything);
  return { status, headers, text, everything };
}

/** One request that is answered in the envelope, as every one to the API is. */
export async function askApi(url: string, init?: RequestInit) {
  const answer = await ask(url, init);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  return { ...answer, envelope: envelopeSchema.parse(JSON.parse(answer.text)) };
}

export interface CreateOptions {
  /** With its question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the desk to create a tunnel; a body that is already text is sent as it is. */
export function create(desk: Desk, body: unknown, { query = '', headers = {} }: CreateOptions = {}) {
  return askApi(desk.tunnels + query, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The tunnels the upstream has, as the desk lists them. */
export async function listTunnels(desk: Desk): Promise<unknown> {
  const { status, envelope } = await askApi(desk.tunnels);
  expect(status).toBe(200);
  return envelope.result;
}

/** Neither the token nor the test's pre-shared key, in any spelling. */
export function expectNoSecretIn(text: string): void {
  for (const spelling of EVERY_SPELLING) expect(text).not.toContain(spelling);
}

const EVERY_SPELLING = new Set(
  [API_TOKEN, PSK].flatMap((secret) => Object.values(SPELLINGS).map((spell) => spell(secret))),
);
