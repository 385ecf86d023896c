// What 150,000 entries in the audit trail cost: a create, a page of the trail, and taking all of it away.

import { get } from 'node:http';
import { openStorage } from '@tunnel-desk/server/storage/storage';
import { auditPageSchema } from '@tunnel-desk/shared/api/audit';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { API_PREFIX, AUDIT_EXPORT_PATH, AUDIT_PATH, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { createIpsecTunnelRequestSchema } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { residentMegabytes, type ServerProcess, temporaryFolder } from '../support/processes.ts';
import { type LoadGenerator, startLoadGenerator } from './load.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID, CREATED_ENVELOPE, VALID_REQUEST } from './samples.ts';
import { startCloudflareDesk, startStubUpstream } from './servers.ts';
import { interleave, median } from './statistics.ts';

const ENTRIES = 150_000;
/** A page of the trail, so that the short trail and the long one find the same for each question below. */
const PAGE = 50;
const FILL_AT_ONCE = 500;
const ROUNDS = 7;
const ROUND_SECONDS = 0.75;
const WARM_UP_SECONDS = 3;
const SAMPLE_MEMORY_EVERY_MS = 20;
const LINE_FEED = 0x0a;
/** No slower, but for the noise. */
const TARGET = { kind: 'at most times', timesReference: 1.2 } as const;

/** The oldest page of either trail: nothing that a filter finds by chance, walking from the newest. */
const OLD = {
  tunnelName: 'branch-old',
  tunnelId: '0000000000000000000000000000001d',
  action: 'delete',
  result: 'refused',
} as const;
/** The page after it is of another account; its result is that of every third entry, so that neither alone finds it. */
const OTHER = { accountId: 'fedcba9876543210fedcba9876543210', result: 'not-created' } as const;
const OTHER_EVERY = 3;
/** Of what a filter by both costs, in multiples of a page without a filter. */
const FILTER_TARGET = { kind: 'at most times', timesReference: 1.5 } as const;

interface Question {
  readonly what: string;
  /** `{afterOld}` stands for a moment after the oldest page and before all else. */
  readonly path: string;
  /** Sent with POST; without one, it is a GET. */
  readonly body?: string;
}

const QUESTIONS: readonly Question[] = [
  { what: 'a create', path: API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID), body: JSON.stringify(VALID_REQUEST) },
  { what: 'first page', path: AUDIT_PATH },
  { what: 'the oldest by tunnel', path: `${AUDIT_PATH}?tunnel=${OLD.tunnelName}` },
  { what: 'the oldest by tunnel ID', path: `${AUDIT_PATH}?tunnel_id=${OLD.tunnelId}` },
  { what: 'the oldest by person and action', path: `${AUDIT_PATH}?person=local&action=${OLD.action}` },
  { what: 'the oldest by time', path: `${AUDIT_PATH}?until={afterOld}` },
  { what: 'the oldest by outcome', path: `${AUDIT_PATH}?outcome=${OLD.result}` },
  { what: 'the oldest by person and outcome', path: `${AUDIT_PATH}?person=local&outcome=${OLD.result}` },
];

interface Export {
  /** Entries. */
  readonly perSecond: number;
  readonly megabytes: number;
  /** By how much the server's resident memory was larger than before, at most; `undefined` where the system does not tell. */
  readonly grownMb: number | undefined;
}

export const longTrailMeasurement: Measurement = {
  name: 'long-trail',
  method:
    `Server: a desk whose audit trail holds ${ENTRIES} entries beside one whose trail is new (a page of ${PAGE}). Requests one ` +
    `at a time,\np50 of each round, medians of ${ROUNDS} interleaved rounds. The export is taken whole, as fast as it comes.`,
  async run() {
    await using stub = await startStubUpstream();
    await using short = await startDeskWith(stub, PAGE);
    await using long = await startDeskWith(stub, ENTRIES);
    await using load = startLoadGenerator();
    // The export last: by then the server's memory is what it has in use, and grows by the export alone.
    const rows = [...(await compare(load, short, long)), await compareFilter(load, long)];
    return [...rows, ...exportRows(await exportFrom(long), await pagedPerSecond(long))];
  },
};

async function startDeskWith(stub: ServerProcess, entries: number): Promise<ServerProcess> {
  const folder = temporaryFolder();
  await fill(folder, entries);
  return startCloudflareDesk(stub.origin, { DATA_DIR: folder });
}

/** As the desk itself would have written them, by the same person. */
async function fill(folder: string, entries: number): Promise<void> {
  const rules = { accountId: ACCOUNT_ID, interfaceAddressRules: 'reference', healthCheckTarget: 'string' } as const;
  const { psk: _, ...request } = createIpsecTunnelRequestSchema(rules).parse(VALID_REQUEST);
  const { journal, close } = openStorage(folder);
  async function record(index: number): Promise<void> {
    const isOld = index < PAGE;
    const isOther = !isOld && index < 2 * PAGE;
    const name = isOld ? OLD.tunnelName : `branch-${index % 1000}`;
    const begun = await journal.begin({
      requestId: crypto.randomUUID(),
      person: { id: 'local', name: 'Local operator' },
      accountId: isOther ? OTHER.accountId : ACCOUNT_ID,
      action: isOld ? OLD.action : 'create',
      resource: { kind: 'ipsec-tunnel', id: isOld ? OLD.tunnelId : undefined, name },
      request: { ...request, name },
      options: 'string',
    });
    if (begun.kind !== 'begun') throw new Error('no key was given, and none can be taken');
    await journal.finish(begun.id, {
      result: isOld ? OLD.result : isOther || index % OTHER_EVERY === 0 ? OTHER.result : 'created',
      status: isOld ? 400 : 200,
      codes: isOld ? [1001] : [],
      cfRay: '8f2b5c3d4e6a7b80-AMS',
      ...(!isOld && { resourceId: CREATED_ENVELOPE.result.id }),
      durationMs: 180,
      reconciled: false,
    });
  }
  for (let start = 0; start < entries; start += FILL_AT_ONCE) {
    const count = Math.min(FILL_AT_ONCE, entries - start);
    await Promise.all(Array.from({ length: count }, (_each, index) => record(start + index)));
  }
  await close();
}

async function compare(load: LoadGenerator, short: ServerProcess, long: ServerProcess): Promise<Row[]> {
  const rows: Row[] = [];
  const afterOld = new Map([
    [short, await momentAfterOld(short)],
    [long, await momentAfterOld(long)],
  ]);
  for (const { what, path, body } of QUESTIONS) {
    const p50 = async (desk: ServerProcess, seconds: number) => {
      const headers = { 'content-type': 'application/json' };
      const url = desk.origin + path.replace('{afterOld}', afterOld.get(desk) ?? '');
      const common = { url, headers, connections: 1, seconds };
      return (await load.generate(body === undefined ? common : { ...common, body })).p50;
    };
    for (const desk of [short, long]) await p50(desk, WARM_UP_SECONDS);
    const p50s = await interleave([short, long], ROUNDS, (desk) => p50(desk, ROUND_SECONDS));
    rows.push({
      measurement: 'long-trail',
      what: `${what}, p50`,
      unit: 'ms',
      figure: median(p50s.get(long) ?? []),
      reference: { what: 'new trail', figure: median(p50s.get(short) ?? []) },
      target: TARGET,
    });
  }
  return rows;
}

/** Those at once may share a millisecond with the first of the next page, which is then among them. */
async function momentAfterOld({ origin }: ServerProcess): Promise<string> {
  const response = await fetch(`${origin}${AUDIT_PATH}?tunnel=${OLD.tunnelName}&limit=1`);
  const [newest] = auditPageSchema.parse(envelopeSchema.parse(await response.json()).result).entries;
  return new Date(Date.parse(newest?.at ?? '') + 1).toISOString();
}

/** A page by account and outcome beside one without a filter, of the same trail. */
async function compareFilter(load: LoadGenerator, { origin }: ServerProcess): Promise<Row> {
  const plain = origin + AUDIT_PATH;
  const filtered = `${plain}?account=${OTHER.accountId}&outcome=${OTHER.result}`;
  const p50 = async (url: string) =>
    (await load.generate({ url, headers: {}, connections: 1, seconds: ROUND_SECONDS })).p50;
  const p50s = await interleave([plain, filtered], ROUNDS, p50);
  return {
    measurement: 'long-trail',
    what: 'the oldest by account and outcome, p50',
    unit: 'ms',
    figure: median(p50s.get(filtered) ?? []),
    reference: { what: 'a plain page', figure: median(p50s.get(plain) ?? []) },
    target: FILTER_TARGET,
  };
}

/** Taken a page after the other, the largest there are: entries per second. */
async function pagedPerSecond({ origin }: ServerProcess): Promise<number> {
  const startedAt = performance.now();
  let entries = 0;
  for (let before: number | null = null; ; ) {
    const query: string = before === null ? '' : `&before=${before}`;
    const response = await fetch(`${origin}${AUDIT_PATH}?limit=200${query}`);
    const page = auditPageSchema.parse(envelopeSchema.parse(await response.json()).result);
    entries += page.entries.length;
    before = page.next;
    if (before === null) return entries / ((performance.now() - startedAt) / 1000);
  }
}

function exportFrom({ origin, pid }: ServerProcess): Promise<Export> {
  const memoryBefore = residentMegabytes(pid);
  const startedAt = performance.now();
  let memoryAtMost = memoryBefore;
  const timer = setInterval(() => {
    memoryAtMost = Math.max(memoryAtMost ?? 0, residentMegabytes(pid) ?? 0);
  }, SAMPLE_MEMORY_EVERY_MS);
  return new Promise<Export>((resolve, reject) => {
    let bytes = 0;
    let entries = 0;
    const request = get(origin + AUDIT_EXPORT_PATH, (response) => {
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        for (const byte of chunk) if (byte === LINE_FEED) entries++;
      });
      response.once('error', reject);
      response.once('end', () => {
        const perSecond = entries / ((performance.now() - startedAt) / 1000);
        const grownMb =
          memoryBefore === undefined || memoryAtMost === undefined ? undefined : memoryAtMost - memoryBefore;
        resolve({ perSecond, megabytes: bytes / 1e6, grownMb });
      });
    });
    request.once('error', reject);
  }).finally(() => clearInterval(timer));
}

function exportRows({ perSecond, megabytes, grownMb }: Export, pagedPerSecond: number): Row[] {
  const throughput: Row = {
    measurement: 'long-trail',
    what: 'export, entries',
    unit: '/s',
    figure: perSecond,
    reference: { what: 'page by page', figure: pagedPerSecond },
  };
  if (grownMb === undefined) return [throughput];
  const memory: Row = {
    measurement: 'long-trail',
    what: 'memory (RSS) while exporting',
    unit: 'MB',
    figure: grownMb,
    reference: { what: 'what is exported', figure: megabytes },
  };
  return [throughput, memory];
}
