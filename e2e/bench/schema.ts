// Parses of the create request by the shared schema, beside JSON.parse of the same bodies.

import { createIpsecTunnelRequestSchema } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { toIssues } from '@tunnel-desk/shared/issues';
import { timesPerSecond } from './rate.ts';
import type { Measurement } from './report.ts';
import { ACCOUNT_ID, INVALID_REQUEST, VALID_REQUEST } from './samples.ts';
import { interleave, median } from './statistics.ts';

const WARM_UP_MS = 500;
const ROUND_MS = 400;
const ROUNDS = 7;

const schema = createIpsecTunnelRequestSchema({
  accountId: ACCOUNT_ID,
  interfaceAddressRules: 'reference',
  healthCheckTarget: 'string',
});

const cases = [
  {
    what: 'a full valid request',
    body: JSON.stringify(VALID_REQUEST),
    parse: (value: unknown) => schema.parse(value),
  },
  {
    what: 'one with seven problems, told as problems',
    body: JSON.stringify(INVALID_REQUEST),
    parse: (value: unknown) => {
      const { error } = schema.safeParse(value);
      return error && toIssues(error);
    },
  },
] as const;

export const schemaMeasurement: Measurement = {
  name: 'schema',
  method: `Request schema: parses per second in one process, median of ${ROUNDS} interleaved rounds.`,
  async run() {
    const tasks = cases.map(({ what, body, parse }) => {
      const value: unknown = JSON.parse(body);
      return { what, parse: () => parse(value), reference: () => JSON.parse(body) };
    });
    const everyTask = tasks.flatMap(({ parse, reference }) => [parse, reference]);
    for (const task of everyTask) timesPerSecond(task, WARM_UP_MS);
    const rates = await interleave(everyTask, ROUNDS, (task) => timesPerSecond(task, ROUND_MS));
    return tasks.map(({ what, parse, reference }) => ({
      measurement: 'schema',
      what,
      unit: '/s',
      figure: median(rates.get(parse) ?? []),
      reference: { what: 'JSON.parse of its body', figure: median(rates.get(reference) ?? []) },
    }));
  },
};
