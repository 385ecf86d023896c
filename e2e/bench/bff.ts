// The desk between a client and an upstream: its throughput and the time it adds, beside proxies that validate nothing.

import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { type LoadResult, startLoadGenerator } from './load.ts';
import type { Measurement, Row, Target } from './report.ts';
import { ACCOUNT_ID, API_TOKEN, VALID_REQUEST } from './samples.ts';
import { isNginxInstalled, startBareProxy, startCloudflareDesk, startNginx, startStubUpstream } from './servers.ts';
import { interleave, median } from './statistics.ts';

const CONNECTIONS = 32;
const ROUNDS = 7;
const ROUND_SECONDS = 1.5;
const WARM_UP_SECONDS = 5;
/** For the added latency: one request at a time, so that no request waits for another. */
const ALONE_SECONDS = 0.75;

const TARGETS = { 'bare proxy': 1, nginx: 0.5 } as const;
/** How much longer than through the bare proxy one in a hundred may take while all connections create. */
const MAX_P99_TIMES = 2;

type ServerName = 'stub' | 'bare proxy' | 'nginx' | 'desk' | 'quiet desk';

interface Sample {
  readonly crowded: LoadResult;
  readonly alone: LoadResult;
}

export const bffMeasurement: Measurement = {
  name: 'bff',
  method:
    `Server: creates through it, of a full request. Throughput and p99 with ${CONNECTIONS} connections, added latency with one; ` +
    `medians of ${ROUNDS} interleaved rounds.\n` +
    'The desk validates both ways, records each create and logs a line per request (LOG_LEVEL=info, to /dev/null); the ' +
    'proxies do none of it,\nso it is also measured without those lines (LOG_LEVEL=warn). All add the token.',
  async run() {
    await using stub = await startStubUpstream();
    await using proxy = await startBareProxy(stub.origin);
    await using desk = await startCloudflareDesk(stub.origin);
    await using quietDesk = await startCloudflareDesk(stub.origin, { LOG_LEVEL: 'warn' });
    await using nginx = isNginxInstalled() ? await startNginx(stub.origin) : undefined;
    if (nginx === undefined) console.log('\nnginx is not on the PATH: measured without it.');
    const origins = new Map<ServerName, string>([
      ['stub', stub.origin],
      ['bare proxy', proxy.origin + API_PREFIX],
      ['desk', desk.origin + API_PREFIX],
      ['quiet desk', quietDesk.origin + API_PREFIX],
    ]);
    if (nginx !== undefined) origins.set('nginx', nginx.origin + API_PREFIX);
    return toRows(await measure(origins));
  },
};

async function measure(baseUrls: ReadonlyMap<ServerName, string>): Promise<Map<ServerName, Sample[]>> {
  await using load = startLoadGenerator();
  const generate = (server: ServerName, connections: number, seconds: number) =>
    load.generate({
      url: baseUrls.get(server) + ipsecTunnelsPath(ACCOUNT_ID),
      // Every server is sent the same; the proxies replace the token, and the desk ignores it.
      headers: { 'content-type': 'application/json', authorization: `Bearer ${API_TOKEN}` },
      body: JSON.stringify(VALID_REQUEST),
      connections,
      seconds,
    });
  for (const server of baseUrls.keys()) await generate(server, CONNECTIONS, WARM_UP_SECONDS);
  // Awaited here, or the load generator would be disposed of first.
  return await interleave([...baseUrls.keys()], ROUNDS, async (server) => ({
    crowded: await generate(server, CONNECTIONS, ROUND_SECONDS),
    alone: await generate(server, 1, ALONE_SECONDS),
  }));
}

function toRows(samples: ReadonlyMap<ServerName, readonly Sample[]>): Row[] {
  const over = (server: ServerName, figure: (sample: Sample) => number) =>
    median((samples.get(server) ?? []).map(figure));
  const throughput = (server: ServerName) => over(server, ({ crowded }) => crowded.requestsPerSecond);
  /** Against the stub in the same round, because what passes in a round passes for both. */
  const added = (server: ServerName, which: 'p50' | 'p99') =>
    median(
      (samples.get(server) ?? []).map(
        ({ alone }, round) => alone[which] - (samples.get('stub')?.[round]?.alone[which] ?? Number.NaN),
      ),
    );
  const proxies = (['bare proxy', 'nginx'] as const).filter((proxy) => samples.has(proxy));

  const throughputRow = (server: 'desk' | 'quiet desk', reference: ServerName, target?: Target): Row => ({
    measurement: 'bff',
    what: `requests, ${server}`,
    unit: '/s',
    figure: throughput(server),
    reference: { what: reference, figure: throughput(reference) },
    ...(target && { target }),
  });
  return [
    throughputRow('desk', 'stub'),
    ...(['desk', 'quiet desk'] as const).flatMap((server) =>
      proxies.map((proxy) => throughputRow(server, proxy, { kind: 'at least', timesReference: TARGETS[proxy] })),
    ),
    {
      measurement: 'bff',
      what: `p99 with ${CONNECTIONS} connections, desk`,
      unit: 'ms',
      figure: over('desk', ({ crowded }) => crowded.p99),
      reference: { what: 'bare proxy', figure: over('bare proxy', ({ crowded }) => crowded.p99) },
      target: { kind: 'at most times', timesReference: MAX_P99_TIMES },
    },
    ...(['p50', 'p99'] as const).flatMap((which) =>
      proxies.map(
        (proxy): Row => ({
          measurement: 'bff',
          what: `added latency ${which}, desk`,
          unit: 'ms',
          figure: added('desk', which),
          reference: { what: `added by ${proxy}`, figure: added(proxy, which) },
        }),
      ),
    ),
  ];
}
