// Many clients at once, for a while: no error, no memory kept, and nothing missing from the audit log.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
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
import { type ServerProcess, startServer, temporaryFolder } from '../support/processes.ts';

const CLIENTS = 200;
const SECONDS = 30;
/** In milliseconds. */
const UPSTREAM_DELAY = 50;
/** Until caches and compiled code are there; not counted. */
const WARM_UP_SECONDS = 8;
/** What live memory varies by without a leak, in megabytes. */
const NOISE_MB = 10;

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

function startDesk(upstreamUrl: string, dataDir: string, nodeOptions: readonly string[] = []): Promise<ServerProcess> {
  return startServer({
    command: process.execPath,
    args: [...nodeOptions, 'server/start.js'],
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

/** Whether nothing is in flight any more. */
async function isOver({ origin }: ServerProcess): Promise<boolean> {
  const envelope = envelopeSchema.parse(await (await fetch(`${origin + AUDIT_PATH}?limit=${CLIENTS}`)).json());
  return auditPageSchema.parse(envelope.result).entries.every(({ outcome }) => outcome !== null);
}

/**
 * Has a server collect its garbage and say what is left: the resident set grows with the load even where nothing leaks. By a
 * signal that means nothing else to it.
 */
function measureLiveMemory() {
  const file = join(temporaryFolder(), 'live-bytes');
  const onSignal = `import { writeFileSync } from 'node:fs';
    process.on('SIGWINCH', () => {
      gc();
      // What the first collection released is gone after the second.
      setImmediate(() => {
        gc();
        const { heapUsed, external } = process.memoryUsage();
        writeFileSync('${file}', heapUsed + external + '\\n');
      });
    });`;
  return {
    options: ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(onSignal)}`],
    /** In megabytes (10⁶ bytes), of the main thread. */
    async of({ pid }: ServerProcess): Promise<number> {
      rmSync(file, { force: true });
      process.kill(pid, 'SIGWINCH');
      await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toMatch(/^\d+\n$/);
      return Number(readFileSync(file, 'utf8')) / 1e6;
    },
  };
}

it(`serves ${CLIENTS} clients for ${SECONDS} s without an error, and keeps nothing of them in memory`, async () => {
  const upstream = await startSlowUpstream();
  const memory = measureLiveMemory();
  await using desk = await startDesk(upstream.baseUrl, temporaryFolder(), memory.options);
  await using load = startLoadGenerator();
  const liveMegabytes = async () => {
    // Creates whose clients are gone are still finished.
    await expect.poll(() => isOver(desk)).toBe(true);
    return memory.of(desk);
  };
  // Throws when a single response is not a success.
  const generate = (seconds: number) =>
    load.generate({
      url: desk.origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(VALID_REQUEST),
      connections: CLIENTS,
      seconds,
    });
  await generate(WARM_UP_SECONDS);
  const [before, createsBefore] = [await liveMegabytes(), upstream.creates()];
  const { requestsPerSecond, p50, p99 } = await generate(SECONDS - WARM_UP_SECONDS);
  const [after, createsAfter] = [await liveMegabytes(), upstream.creates()];
  console.log({
    requestsPerSecond: Math.round(requestsPerSecond),
    ...{ p50, p99, upstreamDelay: UPSTREAM_DELAY, liveMB: { before, after } },
  });
  // Had each request between the two left its body behind, this would be exceeded; where there were few, noise hides it.
  const bodiesMB = ((createsAfter - createsBefore) * JSON.stringify(VALID_REQUEST).length) / 1e6;
  expect(after - before).toBeLessThan(Math.max(NOISE_MB, bodiesMB));

  const entries = await trailOf(desk);
  expect(entries.length).toBe(createsAfter);
  expect(entries.filter(({ outcome }) => outcome?.result !== 'created')).toEqual([]);
});

it('asked to stop under load, responds to or refuses every client, and has every response on record', async () => {
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
  // Every response is on record, and no create was interrupted.
  expect(entries).toHaveLength(upstream.creates());
  expect(entries.length).toBeGreaterThanOrEqual(answered);
  expect(entries.filter(({ outcome }) => outcome?.result !== 'created')).toEqual([]);
});
