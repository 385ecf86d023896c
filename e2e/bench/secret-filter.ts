// Keeping secrets out of Cloudflare's responses, beside JSON.parse of the same texts.

import { hiddenSecret } from '@tunnel-desk/server/cloudflare/hidden-secret';
import { type Sought, withoutSecrets } from '@tunnel-desk/server/cloudflare/without-secrets';
import { timesPerSecond } from './rate.ts';
import type { Measurement } from './report.ts';
import { API_TOKEN, CREATED_ENVELOPE } from './samples.ts';
import { interleave, median } from './statistics.ts';

const WARM_UP_MS = 500;
const ROUND_MS = 400;
const ROUNDS = 7;
const PSK = 'pre-shared-key-of-the-benchmark-5Tz8';

function soughtFor(secret: string): Sought {
  return { secret: hiddenSecret(secret), sent: new Set(), isOfOtherCall: false };
}

const tunnels = Array.from({ length: 200 }, (_, index) => ({ ...CREATED_ENVELOPE.result, name: `branch-${index}` }));
const token = soughtFor(API_TOKEN);
const own = [token, soughtFor(PSK)];
const everyRecent = [token, ...Array.from({ length: 32 }, (_, index) => soughtFor(`${PSK}-${index}`))];
const created = JSON.stringify(CREATED_ENVELOPE);
const list = JSON.stringify({ ...CREATED_ENVELOPE, result: { ipsec_tunnels: tunnels } });

const cases = [
  { what: 'the response to a create, with nothing to hide', text: created, sought: own },
  { what: 'a list of 200 tunnels, with nothing to hide', text: list, sought: [token] },
  { what: 'the same after 32 creates with keys', text: list, sought: everyRecent },
] as const;

export const secretFilterMeasurement: Measurement = {
  name: 'secret-filter',
  method: `Secret filter: responses parsed per second in one process, median of ${ROUNDS} interleaved rounds.`,
  async run() {
    const tasks = cases.map(({ what, text, sought }) => ({
      what,
      filter: () => withoutSecrets(text, sought),
      reference: () => JSON.parse(text),
    }));
    const everyTask = tasks.flatMap(({ filter, reference }) => [filter, reference]);
    for (const task of everyTask) timesPerSecond(task, WARM_UP_MS);
    const rates = await interleave(everyTask, ROUNDS, (task) => timesPerSecond(task, ROUND_MS));
    return tasks.map(({ what, filter, reference }) => ({
      measurement: 'secret-filter',
      what,
      unit: '/s',
      figure: median(rates.get(filter) ?? []),
      reference: { what: 'JSON.parse alone', figure: median(rates.get(reference) ?? []) },
    }));
  },
};
