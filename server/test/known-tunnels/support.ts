// A desk whose tunnels somebody changes elsewhere: in the sandbox, past the desk.

import { auditPageSchema } from '@tunnel-desk/shared/api/audit';
import { type AccountDrift, driftSchema } from '@tunnel-desk/shared/api/drift';
import { API_PREFIX, acceptDriftPath, driftPath, ipsecTunnelPath } from '@tunnel-desk/shared/api/paths';
import { ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { expect } from 'vitest';
import { letPass, stopAllClocks } from '../support/clock.ts';
import { askApi, create, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID, API_TOKEN } from '../support/samples.ts';
import { startSandboxUpstream } from '../support/upstream.ts';

interface Sandbox {
  readonly baseUrl: string;
}

/** Every clock stands still: {@link driftLater} lets it pass. */
export async function startWithSandbox(environment: NodeJS.ProcessEnv = {}) {
  stopAllClocks();
  const sandbox = await startSandboxUpstream();
  return { sandbox, desk: await startDesk({ ...upstreamAt(sandbox.baseUrl), ...environment }) };
}

export async function readDrift(
  { origin }: Desk,
  headers: Readonly<Record<string, string>> = {},
): Promise<AccountDrift> {
  const { status, envelope } = await askApi(origin + API_PREFIX + driftPath(ACCOUNT_ID), { headers });
  expect(status).toBe(200);
  return driftSchema.parse(envelope.result);
}

/** Once the list that was read last is too old. */
export function driftLater(desk: Desk): Promise<AccountDrift> {
  letPass(31_000);
  return readDrift(desk);
}

export function accept(
  { origin }: Desk,
  { tunnelId, state }: { readonly tunnelId: string; readonly state: string },
  { headers = {}, query = '' }: { readonly headers?: Readonly<Record<string, string>>; readonly query?: string } = {},
) {
  return askApi(origin + API_PREFIX + acceptDriftPath(ACCOUNT_ID, tunnelId) + query, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ state }),
  });
}

/** Makes a tunnel at the desk; the clock has moved on after it. */
export async function made(desk: Desk, body: object) {
  const { envelope } = await create(desk, body);
  letPass(1000);
  return ipsecTunnelSchema.parse(envelope.result);
}

export function saved(desk: Desk, tunnelId: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  return askApi(`${desk.tunnels}/${tunnelId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const PAST_THE_DESK = {
  authorization: `Bearer ${API_TOKEN}`,
  'content-type': 'application/json',
  'user-agent': 'the test',
};

export async function changeElsewhere({ baseUrl }: Sandbox, tunnelId: string, body: object): Promise<void> {
  const url = baseUrl + ipsecTunnelPath(ACCOUNT_ID, tunnelId);
  const { ok } = await fetch(url, { method: 'PUT', headers: PAST_THE_DESK, body: JSON.stringify(body) });
  expect(ok).toBe(true);
}

export async function deleteElsewhere({ baseUrl }: Sandbox, tunnelId: string): Promise<void> {
  const url = baseUrl + ipsecTunnelPath(ACCOUNT_ID, tunnelId);
  const { ok } = await fetch(url, { method: 'DELETE', headers: PAST_THE_DESK });
  expect(ok).toBe(true);
}

/** The newest first. */
export async function auditEntries({ origin }: Desk) {
  return auditPageSchema.parse((await askApi(`${origin}/api/audit`)).envelope.result).entries;
}
