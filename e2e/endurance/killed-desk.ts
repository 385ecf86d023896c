// A desk that can be killed and started again on what it left, and the sandbox behind it, which outlives it.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type AuditEntry, auditEntrySchema } from '@tunnel-desk/shared/api/audit';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { AUDIT_EXPORT_PATH, HEALTH_PATH, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { type IpsecTunnel, ipsecTunnelSchema, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { onTestFinished } from 'vitest';
import { ACCOUNT_ID, API_TOKEN } from '../bench/samples.ts';
import { type ServerProcess, startNodeServer } from '../support/processes.ts';
import { OWN_LOOK } from './rough-network.ts';

/** Until the test has finished; with a seed, its network is rough. Returns its base URL. */
export async function startSandboxProcess(seed?: string): Promise<string> {
  const child = fork(fileURLToPath(new URL('sandbox.ts', import.meta.url)), {
    env: { ACCOUNT_ID, API_TOKEN, ...(seed !== undefined && { SEED: seed }) },
  });
  onTestFinished(() => child.disconnect());
  const [baseUrl]: unknown[] = await once(child, 'message');
  return String(baseUrl);
}

/** On a free port where none is given. */
export function startDesk(sandboxUrl: string, dataDir: string, port?: number): Promise<ServerProcess> {
  return startNodeServer('server/start.js', {
    environment: {
      UPSTREAM: 'cloudflare',
      CLOUDFLARE_API_BASE_URL: sandboxUrl,
      CLOUDFLARE_API_TOKEN: API_TOKEN,
      CLOUDFLARE_ACCOUNTS: ACCOUNT_ID,
      DATA_DIR: dataDir,
      RATE_LIMIT_PER_MINUTE: '0',
      // The sandbox carries a create out at once, as soon as it is given up, or never: no use in waiting long.
      UPSTREAM_TIMEOUT_MS: '2000',
      SETTLE_SECONDS: '1',
    },
    ...(port !== undefined && { port }),
    readyPath: HEALTH_PATH,
  });
}

/** At whatever it is doing. */
export async function kill(desk: ServerProcess): Promise<void> {
  process.kill(desk.pid, 'SIGKILL');
  await desk.ended;
}

/** The whole audit log. */
export async function trailOf({ origin }: Pick<ServerProcess, 'origin'>): Promise<AuditEntry[]> {
  const text = await (await fetch(origin + AUDIT_EXPORT_PATH)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => auditEntrySchema.parse(JSON.parse(line)));
}

/** The tunnels that the sandbox holds. */
export async function tunnelsIn(sandboxUrl: string): Promise<IpsecTunnel[]> {
  return tunnelListSchema.parse(await callSandbox(sandboxUrl, 'GET')).ipsec_tunnels;
}

/** Creates a tunnel past the desk. */
export async function createElsewhere(sandboxUrl: string, request: object): Promise<IpsecTunnel> {
  return ipsecTunnelSchema.parse(await callSandbox(sandboxUrl, 'POST', request));
}

async function callSandbox(sandboxUrl: string, method: string, body?: object): Promise<unknown> {
  const response = await fetch(sandboxUrl + ipsecTunnelsPath(ACCOUNT_ID), {
    method,
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', [OWN_LOOK]: 'yes' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return envelopeSchema.parse(await response.json()).result;
}
