// One round of advisories on a filled form, in an account with very many tunnels, beside one with few.

import { type AdvisoryContext, adviseOn } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import { indexTunnels } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { Measurement } from './report.ts';
import { ACCOUNT_ID, VALID_REQUEST } from './samples.ts';
import { interleave, median } from './statistics.ts';

const FEW = 20;
const MANY = 10_000;
const WARM_UP_MS = 500;
const ROUND_MS = 300;
const ROUNDS = 7;
const TARGET_MS = 0.3;

/** Beside every tunnel's own address, what a real account shares: two endpoints, and one ASN among half of them. */
function tunnelsOf(count: number): string {
  const tunnels = Array.from({ length: count }, (_, index) => ({
    id: index.toString(16).padStart(32, '0'),
    name: `branch-${index}`,
    cloudflare_endpoint: index % 2 === 0 ? '162.159.64.1' : '162.159.65.1',
    customer_endpoint: `185.47.${index >> 8}.${index & 255}`,
    interface_address: `10.${200 + (index >> 15)}.${(index >> 7) & 255}.${(index & 127) * 2}/31`,
    custom_remote_identities: { fqdn_id: `branch-${index}.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
    bgp: { customer_asn: index % 2 === 0 ? VALID_REQUEST.bgp.customer_asn : 64_700 },
  }));
  return JSON.stringify({ ipsec_tunnels: tunnels });
}

export const advisoriesMeasurement: Measurement = {
  name: 'advisories',
  method: `Advisories on a filled form: milliseconds in one process, median of ${ROUNDS} interleaved rounds.`,
  async run() {
    const [few, many] = [tunnelsOf(FEW), tunnelsOf(MANY)];
    const manyTunnels = tunnelListSchema.parse(JSON.parse(many)).ipsec_tunnels;
    const contextOf = (text: string): AdvisoryContext => ({
      otherTunnels: indexTunnels(tunnelListSchema.parse(JSON.parse(text)).ipsec_tunnels),
      cloudflareEndpoints: ['162.159.64.1', '162.159.65.1'],
      interfaceAddressRules: 'reference',
    });
    const [fewContext, manyContext] = [contextOf(few), contextOf(many)];
    const tasks = {
      withMany: () => adviseOn(VALID_REQUEST, manyContext),
      withFew: () => adviseOn(VALID_REQUEST, fewContext),
      index: () => indexTunnels(manyTunnels),
      parse: (): unknown => JSON.parse(many),
    };
    const everyTask = Object.values(tasks);
    for (const task of everyTask) millisecondsPer(task, WARM_UP_MS);
    const samples = await interleave(everyTask, ROUNDS, (task) => millisecondsPer(task, ROUND_MS));
    const figureOf = (task: () => unknown) => median(samples.get(task) ?? []);
    return [
      {
        measurement: 'advisories',
        what: `a whole round with ${MANY} tunnels`,
        unit: 'ms',
        figure: figureOf(tasks.withMany),
        reference: { what: `with ${FEW} tunnels`, figure: figureOf(tasks.withFew) },
        target: { kind: 'at most', figure: TARGET_MS },
      },
      {
        measurement: 'advisories',
        what: `the index over ${MANY} tunnels, once per list`,
        unit: 'ms',
        figure: figureOf(tasks.index),
        reference: { what: 'JSON.parse of the list', figure: figureOf(tasks.parse) },
      },
    ];
  },
};

/** Kept where the compiler cannot prove that nobody reads it, so that no work is optimised away. */
let lastResult: unknown;

function millisecondsPer(task: () => unknown, durationMs: number): number {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    lastResult = task();
    count += 1;
    elapsed = performance.now() - start;
  } while (elapsed < durationMs);
  if (lastResult === undefined) throw new Error('the task did nothing');
  return elapsed / count;
}
