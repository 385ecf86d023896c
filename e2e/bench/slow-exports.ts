// What many slow exports of long entries cost: the desk's memory, and everybody else's time.

import { get } from 'node:http';
import { openStorage } from '@tunnel-desk/server/storage/storage';
import { API_PREFIX, AUDIT_EXPORT_PATH, ipsecTunnelsPath, SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import { residentMegabytes, temporaryFolder } from '../support/processes.ts';
import { type LoadResult, startLoadGenerator } from './load.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID, VALID_REQUEST } from './samples.ts';
import { startCloudflareDesk, startStubUpstream } from './servers.ts';

const ENTRIES = 600;
const ENTRY_CHARACTERS = 62_000;
const EXPORTS = 30;
const READ_EVERY_MS = 50;
const SAMPLE_MEMORY_EVERY_MS = 20;
const SECONDS = 4;
const MAX_GROWN_MB = 100;
const MAX_WAIT_MS = 50;

export const slowExportsMeasurement: Measurement = {
  name: 'slow-exports',
  method:
    `Server: a desk with ${ENTRIES} entries of ${ENTRY_CHARACTERS / 1000} kB, of which ${EXPORTS} clients ask for the export and read ` +
    `a piece every ${READ_EVERY_MS} ms. Resident memory at most\nbeside before, and p99 of others' requests beside the same without exports.`,
  async run() {
    const folder = temporaryFolder();
    await fill(folder);
    await using stub = await startStubUpstream();
    await using desk = await startCloudflareDesk(stub.origin, { DATA_DIR: folder });
    await using load = startLoadGenerator();
    const session = { url: desk.origin + SESSION_PATH, headers: {}, connections: 1, seconds: SECONDS };
    const create = {
      url: desk.origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(VALID_REQUEST),
      ...{ connections: 1, seconds: SECONDS },
    };
    await load.generate(session);
    await load.generate(create);
    const alone = [await load.generate(session), await load.generate(create)];
    const before = residentMegabytes(desk.pid);
    let most = before;
    const sampling = setInterval(() => {
      most = Math.max(most ?? 0, residentMegabytes(desk.pid) ?? 0);
    }, SAMPLE_MEMORY_EVERY_MS);
    const endExports = startSlowExports(desk.origin + AUDIT_EXPORT_PATH);
    const amid = [await load.generate(session), await load.generate(create)];
    endExports();
    clearInterval(sampling);
    const waits = ['a request without database, p99', 'a create, p99'].flatMap((what, index) =>
      waitRow(what, amid[index], alone[index]),
    );
    if (before === undefined || most === undefined) return waits;
    const exported = (ENTRIES * ENTRY_CHARACTERS) / 1e6;
    const memory: Row = {
      ...{ measurement: 'slow-exports', what: 'memory (RSS) grown meanwhile', unit: 'MB', figure: most - before },
      reference: { what: 'one export', figure: exported },
      target: { kind: 'at most', figure: MAX_GROWN_MB },
    };
    return [memory, ...waits];
  },
};

function waitRow(what: string, amid: LoadResult | undefined, alone: LoadResult | undefined): Row[] {
  if (amid === undefined || alone === undefined) return [];
  return [
    {
      ...{ measurement: 'slow-exports', what, unit: 'ms', figure: amid.p99 },
      reference: { what: 'without exports', figure: alone.p99 },
      target: { kind: 'at most', figure: MAX_WAIT_MS },
    },
  ];
}

async function fill(folder: string): Promise<void> {
  const { journal, close } = openStorage(folder);
  const { psk: _, ...request } = VALID_REQUEST;
  for (let index = 0; index < ENTRIES; index++) {
    await journal.begin({
      requestId: crypto.randomUUID(),
      person: { id: 'local', name: 'Local operator' },
      accountId: ACCOUNT_ID,
      action: 'create',
      resource: { kind: 'ipsec-tunnel', name: request.name },
      request: { ...request, description: 'x'.repeat(ENTRY_CHARACTERS) },
      options: 'string',
    });
  }
  await close();
}

/** Starts them and returns what ends them. Some are refused, as there are too many. */
function startSlowExports(url: string): () => void {
  const timers: NodeJS.Timeout[] = [];
  const requests = Array.from({ length: EXPORTS }, () =>
    get(url, { agent: false }, (response) => {
      response.once('error', () => undefined);
      response.pause();
      timers.push(setInterval(() => response.read(), READ_EVERY_MS));
    }),
  );
  // They are ended in the middle.
  for (const request of requests) request.on('error', () => undefined);
  return () => {
    for (const timer of timers) clearInterval(timer);
    for (const request of requests) request.destroy();
  };
}
