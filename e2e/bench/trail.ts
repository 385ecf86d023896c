// What each create pays for a record that outlives a power cut, and for knowing who sent it.

import { API_PREFIX, ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { IDEMPOTENCY_KEY_HEADER } from '@tunnel-desk/shared/api/submissions';
import { startAccessProxy } from '../support/access-proxy.ts';
import { type LoadGenerator, startLoadGenerator } from './load.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID, VALID_REQUEST } from './samples.ts';
import { startCloudflareDesk, startDeskWithoutJournal, startStubUpstream } from './servers.ts';
import { interleave, median } from './statistics.ts';

const ROUNDS = 9;
const ROUND_SECONDS = 1;
const WARM_UP_SECONDS = 4;
const MAX_TOGETHER_MS = 1;
const OPERATORS = 'net-ops';

const NAMES = ['bare', 'trail', 'keyed', 'signed in'] as const;
type Name = (typeof NAMES)[number];

interface Way {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly keyHeader?: string;
}

export const trailMeasurement: Measurement = {
  name: 'trail',
  method:
    'Server: creates of a full request through the desk, one at a time, p50 of each round; medians of ' +
    `${ROUNDS} interleaved rounds, differences taken within a round.\n` +
    'The same desk with a journal that keeps nothing, with its own on SQLite (two writes flushed to disk per create), and ' +
    'with that behind AUTH=proxy-jwt (ES256).',
  async run() {
    await using stub = await startStubUpstream();
    await using bare = await startDeskWithoutJournal(stub.origin);
    await using recording = await startCloudflareDesk(stub.origin);
    const proxy = await startAccessProxy();
    try {
      await using signedIn = await startCloudflareDesk(stub.origin, {
        ...proxy.environment,
        AUTH_OPERATORS: OPERATORS,
      });
      const token = { 'cf-access-jwt-assertion': await proxy.sign([OPERATORS]) };
      await using load = startLoadGenerator();
      const p50s = await measure(load, {
        bare: { origin: bare.origin, headers: {} },
        trail: { origin: recording.origin, headers: {} },
        keyed: { origin: recording.origin, headers: {}, keyHeader: IDEMPOTENCY_KEY_HEADER },
        'signed in': { origin: signedIn.origin, headers: token },
      });
      return toRows(p50s);
    } finally {
      proxy.close();
    }
  },
};

async function measure(load: LoadGenerator, ways: Readonly<Record<Name, Way>>): Promise<Map<Name, number[]>> {
  const p50 = async (name: Name, seconds: number) => {
    const { origin, headers, keyHeader } = ways[name];
    const result = await load.generate({
      url: origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID),
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(VALID_REQUEST),
      ...(keyHeader !== undefined && { keyHeader }),
      connections: 1,
      seconds,
    });
    return result.p50;
  };
  for (const name of NAMES) await p50(name, WARM_UP_SECONDS);
  return interleave(NAMES, ROUNDS, (name) => p50(name, ROUND_SECONDS));
}

function toRows(p50s: ReadonlyMap<Name, readonly number[]>): Row[] {
  const of = (name: Name) => p50s.get(name) ?? [];
  /** Within each round, because what passes in a round passes for both. */
  const added = (name: Name, to: Name) => median(of(name).map((ms, round) => ms - (of(to)[round] ?? Number.NaN)));
  const row = (what: string, figure: number): Row => ({
    measurement: 'trail',
    what,
    unit: 'ms',
    figure,
    reference: { what: 'a create without either', figure: median(of('bare')) },
  });
  return [
    row('added by the trail, p50', added('trail', 'bare')),
    row('added by sign-in, p50', added('signed in', 'trail')),
    { ...row('added by both, p50', added('signed in', 'bare')), target: { kind: 'at most', figure: MAX_TOGETHER_MS } },
    row('added by the trail to a create with a key, p50', added('keyed', 'bare')),
  ];
}
