// Many clients at once, for a while: no error, no memory kept, and nothing missing from the audit trail.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type AuditEntry, auditEntrySchema, auditPageSchema } from '@tunnel-desk/shared/api/audit';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import {
  API_PREFIX,
  AUDIT_EXPORT_PATH,
  AUDIT_PATH,
  HEALTH_PATH,
  ipsecTunnelsPath,
} from '@tunnel-desk/shared/api/paths';
import { expect, it, onTestFinished } from 'vitest';
import { startLoadGenerator } from '../bench/load.ts';
import { ACCOUNT_ID, API_TOKEN, CREATED_ENVELOPE, VALID_REQUEST } from '../bench/samples.ts';
import { median } from '../bench/statistics.ts';
import { residentMegabytes, type ServerProcess, startNodeServer, temporaryFolder } from '../support/processes.ts';

const CLIENTS = 200;
const SECONDS = 30;
/** In milliseconds. */
const UPSTREAM_DELAY = 50;
const SAMPLE_EVERY_MS = 500;
/** Until memory is as large as so many requests in flight make it; not counted. */
const WARM_UP_SECONDS = 8;
/** Of memory that comes and goes with so many requests in flight, in megabytes. */
const NOISE_MB = 30;

/** A stand-in for Cloudflare that takes its time, and counts the creates that reach it. */
async function startSlowUpstream() {
  let creates = 0;
  const answer = Buffer.from(JSON.stringify(CREATED_ENVELOPE));
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume().once('end', async () => {
      // Beside the creates, the desk asks once about its token.
      if (request.method === 'POST') creates += 1;
      await delay(UPSTREAM_DELAY);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { baseUrl: `http://127.0.0.1:${address.port}`, creates: () => creates };
}

function startDesk(upstreamUrl: string, dataDir: string): Promise<ServerProcess> {
  return startNodeServer('server/start.js', {
    environment: {
      UPSTREAM: 'cloudflare',
      CLOUDFLARE_API_BASE_URL: upstreamUrl,
      CLOUDFLARE_API_TOKEN: API_TOKEN,
      CLOUDFLARE_ACCOUNTS: ACCOUNT_ID,
      DATA_DIR: dataDir,
      RATE_LIMIT_PER_MINUTE: '0',
    },
    readyPath: HEALTH_PATH,
  });
}

async function trailOf({ origin }: ServerProcess): Promise<AuditEntry[]> {
  const text = await (await fetch(origin + AUDIT_EXPORT_PATH)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => auditEntrySchema.parse(JSON.parse(line)));
}

/** Whether nothing is on its way any more. */
async function isOver({ origin }: ServerProcess): Promise<boolean> {
  const envelope = envelopeSchema.parse(await (await fetch(`${origin + AUDIT_PATH}?limit=${CLIENTS}`)).json());
  return auditPageSchema.parse(envelope.result).entries.every(({ outcome }) => outcome !== null);
}

/** The memory of a process, in megabytes, twice a second until told to stop. */
function watchMemory(pid: number) {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentMegabytes(pid) ?? Number.NaN), SAMPLE_EVERY_MS);
  return () => {
    clearInterval(timer);
    return samples;
  };
}

it(`bears ${CLIENTS} clients for ${SECONDS} s without an error, and keeps nothing of them in memory`, async () => {
  const upstream = await startSlowUpstream();
  await using desk = await startDesk(upstream.baseUrl, temporaryFolder());
  await using load = startLoadGenerator();
  const stopWatching = watchMemory(desk.pid);
  // Throws when a single answer is no success.
  const { requestsPerSecond, p50, p99 } = await load.generate({
    url: desk.origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(VALID_REQUEST),
    connections: CLIENTS,
    seconds: SECONDS,
  });
  const samples = stopWatching().slice((WARM_UP_SECONDS * 1000) / SAMPLE_EVERY_MS);
  const third = Math.floor(samples.length / 3);
  const [first, last] = [median(samples.slice(0, third)), median(samples.slice(-third))];
  console.log({
    requestsPerSecond: Math.round(requestsPerSecond),
    ...{ p50, p99, upstreamDelay: UPSTREAM_DELAY, memoryMB: { first, last } },
  });
  if (Number.isFinite(first)) {
    // Had each request between the two left its body behind, this would be exceeded; where there were few, noise hides it.
    const leakMB =
      (requestsPerSecond * (SECONDS - WARM_UP_SECONDS) * (2 / 3) * JSON.stringify(VALID_REQUEST).length) / 1e6;
    expect(last - first).toBeLessThan(Math.max(NOISE_MB, leakMB));
  }

  // Those whose clients are gone are still carried out.
  await expect.poll(() => isOver(desk)).toBe(true);
  const entries = await trailOf(desk);
  expect(entries.length).toBe(upstream.creates());
  expect(entries.filter(({ outcome }) => outcome?.result !== 'created')).toEqual([]);
});

it('asked to stop under load, answers or refuses everybody, and has all it answered on record', async () => {
  const upstream = await startSlowUpstream();
  const dataDir = temporaryFolder();
  const desk = await startDesk(upstream.baseUrl, dataDir);
  let answered = 0;
  const client = async () => {
    for (;;) {
      try {
        const response = await fetch(desk.origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(VALID_REQUEST),
        });
        if (response.status === 200) answered += 1;
        await response.arrayBuffer();
      } catch {
        return;
      }
    }
  };
  const clients = Array.from({ length: 50 }, client);
  await expect.poll(() => answered).toBeGreaterThan(500);
  process.kill(desk.pid, 'SIGTERM');
  expect(await desk.ended).toBe(0);
  await Promise.all(clients);

  await using again = await startDesk(upstream.baseUrl, dataDir);
  const entries = await trailOf(again);
  // Whoever was answered is on record, and nobody was cut off in the middle.
  expect(entries).toHaveLength(upstream.creates());
  expect(entries.length).toBeGreaterThanOrEqual(answered);
  expect(entries.filter(({ outcome }) => outcome?.result !== 'created')).toEqual([]);
});
