// Whether a long audit trail slows what is done every day: a create, and the first page of the trail.

import { openSqliteTrail } from '@tunnel-desk/server/audit/sqlite-trail';
import { API_PREFIX, AUDIT_EXPORT_PATH, AUDIT_PATH, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { residentMegabytes, type ServerProcess, temporaryFolder } from '../support/processes.ts';
import { startLoadGenerator } from './load.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID, VALID_REQUEST } from './samples.ts';
import { startCloudflareDesk, startStubUpstream } from './servers.ts';
import { interleave, median } from './statistics.ts';

const ENTRIES = 100_000;
const PEOPLE = 50;
/** Written in one transaction. */
const BATCH = 500;
const ROUNDS = 9;
const PAGES_PER_ROUND = 20;
const CREATE_SECONDS = 1;

const NAMES = ['empty', 'long'] as const;
type Name = (typeof NAMES)[number];

interface Sample {
  readonly create: number;
  readonly firstPage: number;
  readonly personPage: number;
}

export const historyMeasurement: Measurement = {
  name: 'history',
  method:
    `Server: creates and pages of the audit trail with ${ENTRIES.toLocaleString('en')} entries in it, beside one that began ` +
    `empty, one at a time;\nmedians of ${ROUNDS} interleaved rounds. The export reads the whole of it.`,
  async run() {
    await using stub = await startStubUpstream();
    const folder = temporaryFolder();
    await fill(folder);
    await using empty = await startCloudflareDesk(stub.origin);
    await using long = await startCloudflareDesk(stub.origin, { DATA_DIR: folder });
    const desks: Record<Name, ServerProcess> = { empty, long };
    await using load = startLoadGenerator();
    const samples = await interleave(NAMES, ROUNDS, async (name): Promise<Sample> => {
      const { origin } = desks[name];
      const { p50 } = await load.generate({
        url: origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(VALID_REQUEST),
        connections: 1,
        seconds: CREATE_SECONDS,
      });
      return {
        create: p50,
        firstPage: await timeOf(origin + AUDIT_PATH),
        personPage: await timeOf(`${origin + AUDIT_PATH}?person=local&outcome=created`),
      };
    });
    const row = (what: string, figure: keyof Sample): Row => {
      const over = (name: Name) => median((samples.get(name) ?? []).map((sample) => sample[figure]));
      return {
        measurement: 'history',
        what,
        unit: 'ms',
        figure: over('long'),
        reference: { what: 'a trail that began empty', figure: over('empty') },
      };
    };
    return [
      row('create with a long trail, p50', 'create'),
      row('first page of a long trail', 'firstPage'),
      row('the same, of one person and outcome', 'personPage'),
      await exportMemory(long),
    ];
  },
};

async function fill(folder: string): Promise<void> {
  const trail = openSqliteTrail(folder);
  const { psk: _, bgp, ...request } = VALID_REQUEST;
  for (let done = 0; done < ENTRIES; done += BATCH) {
    const batch = Array.from({ length: BATCH }, async (_entry, index) => {
      const number = done + index;
      const id = await trail.begin({
        requestId: crypto.randomUUID(),
        person: { id: `person-${number % PEOPLE}`, name: `Person ${number % PEOPLE}` },
        accountId: ACCOUNT_ID,
        action: 'create',
        request: { ...request, name: `branch-${number}`, bgp: { customer_asn: bgp.customer_asn } },
        healthCheckTarget: 'string',
      });
      await trail.finish(id, { result: 'created', status: 200, codes: [], reconciled: false });
    });
    await Promise.all(batch);
  }
  await trail.close();
}

/** Of one page, in milliseconds: the median of some. */
async function timeOf(url: string): Promise<number> {
  const times: number[] = [];
  for (let page = 0; page < PAGES_PER_ROUND; page++) {
    const start = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** How much larger the server is right after an export than before, beside what it has sent. */
async function exportMemory({ origin, pid }: ServerProcess): Promise<Row> {
  const before = residentMegabytes(pid) ?? Number.NaN;
  let bytes = 0;
  const response = await fetch(origin + AUDIT_EXPORT_PATH);
  for await (const chunk of response.body ?? []) bytes += chunk.length;
  const after = residentMegabytes(pid) ?? Number.NaN;
  return {
    measurement: 'history',
    what: 'memory grown by the export of all of it',
    unit: 'MB',
    figure: after - before,
    reference: { what: 'what it has sent', figure: bytes / 1e6 },
  };
}
