// Whether anybody else waits while the disk does: requests that need no database, amid creates that each wait for a slow one.

import { API_PREFIX, ipsecTunnelsPath, SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import { type LoadResult, startLoadGenerator } from './load.ts';
import type { Measurement, Row } from './report.ts';
import { ACCOUNT_ID, VALID_REQUEST } from './samples.ts';
import { startDeskWithSlowDisk, startStubUpstream } from './servers.ts';
import { median } from './statistics.ts';

const COMMIT_MS = 100;
const CREATING = 8;
const ROUNDS = 5;
const ROUND_SECONDS = 2;
const MAX_P99_MS = 5;

interface Round {
  readonly alone: LoadResult;
  readonly amid: LoadResult;
  readonly creates: LoadResult;
}

export const slowDiskMeasurement: Measurement = {
  name: 'slow-disk',
  method:
    `Server: GET ${SESSION_PATH} one at a time, p99 of each round, medians of ${ROUNDS} rounds: alone, and while ${CREATING} ` +
    `clients create on a disk\nthat takes ${COMMIT_MS} ms for every flush. One create waits for two flushes, and for one that runs already.`,
  async run() {
    await using stub = await startStubUpstream();
    await using desk = await startDeskWithSlowDisk(stub.origin, COMMIT_MS);
    await using load = startLoadGenerator();
    await using others = startLoadGenerator();
    const session = { url: desk.origin + SESSION_PATH, headers: {}, connections: 1, seconds: ROUND_SECONDS };
    const create = {
      url: desk.origin + API_PREFIX + ipsecTunnelsPath(ACCOUNT_ID),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(VALID_REQUEST),
      connections: CREATING,
      seconds: ROUND_SECONDS,
    };
    await load.generate(session);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const alone = await load.generate(session);
      const [amid, creates] = await Promise.all([load.generate(session), others.generate(create)]);
      rounds.push({ alone, amid, creates });
    }
    const over = (figure: (round: Round) => number) => median(rounds.map(figure));
    const row = (what: string, figure: number, reference: Row['reference']): Row => ({
      ...{ measurement: 'slow-disk', what, unit: 'ms', figure, reference },
    });
    const alone = { what: 'without creates', figure: over((round) => round.alone.p99) };
    return [
      {
        ...row(
          'a request without database, p99',
          over((round) => round.amid.p99),
          alone,
        ),
        target: { kind: 'at most', figure: MAX_P99_MS },
      },
      row(
        'a create meanwhile, p50',
        over(({ creates }) => creates.p50),
        { what: 'one flush', figure: COMMIT_MS },
      ),
    ];
  },
};
