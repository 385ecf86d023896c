// The 500 tunnels that a batch is to make on a bad day, and what must be true of them and of the batch in the end.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES } from '@tunnel-desk/server/sandbox/responses';
import { type Batch, type BatchRow, batchSchema } from '@tunnel-desk/shared/api/batches';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { API_PREFIX } from '@tunnel-desk/shared/api/paths';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { expect } from 'vitest';
import type { ServerProcess } from '../support/processes.ts';
import { createElsewhere, trailOf, tunnelsIn } from './killed-desk.ts';

export const ROWS = 500;
/**
 * Those whose names somebody else's tunnels have by the time they are sent: Cloudflare refuses them for good. Where the refusal
 * is lost, the tunnel of that name might be one that was made and changed since, so their outcome stays unknown.
 */
export const TAKEN = [7, 250, 499];
export const CREATED = ROWS - TAKEN.length;
/** What every key that is given begins with, so that none goes unseen. */
const KEY_BEGINS = 'endurance-key-';

export interface Branch {
  readonly request: {
    readonly name: string;
    readonly cloudflare_endpoint: string;
    readonly customer_endpoint: string;
    readonly interface_address: string;
  };
  /** Most have one. */
  readonly psk: string | undefined;
}

export const BRANCHES: readonly Branch[] = Array.from({ length: ROWS }, (_, index) => {
  const number = index + 1;
  const [high, low] = [number >> 7, 2 * (number & 127)];
  return {
    request: {
      name: nameOf(number),
      cloudflare_endpoint: '198.51.100.1',
      customer_endpoint: `192.88.${high}.${low}`,
      interface_address: `10.${high}.0.${low}/31`,
    },
    psk: number % 10 === 0 ? undefined : KEY_BEGINS + randomUUID(),
  };
});

function nameOf(number: number): string {
  return `branch-${number}`;
}

/** Somebody else creates tunnels of the {@link TAKEN} names, past the desk. */
export function takeNames(sandboxUrl: string): Promise<IpsecTunnel[]> {
  const tunnels = TAKEN.map((number, index) => ({
    name: nameOf(number),
    cloudflare_endpoint: '198.51.100.1',
    interface_address: `172.16.0.${2 * index}/31`,
  }));
  return Promise.all(tunnels.map((tunnel) => createElsewhere(sandboxUrl, tunnel)));
}

/** The batch as the desk at this origin has it. */
export async function readBatch(origin: string, path: string): Promise<Batch> {
  const { result } = envelopeSchema.parse(await (await fetch(origin + API_PREFIX + path)).json());
  return batchSchema.parse(result);
}

/** Whether nothing is left to do for the row: it is created, or its name is taken. */
export function isOver({ number, state, errors = [] }: BatchRow): boolean {
  if (state === 'created') return true;
  if (!TAKEN.includes(number)) return false;
  return state === 'unknown' || (state === 'not-created' && errors.some(({ code }) => code === CODES.invalid));
}

/** Every tunnel is there once, every row's state is true, and once the desk has stopped no key is on its disk. */
export async function expectTrueBatch(
  desk: ServerProcess,
  where: { readonly sandboxUrl: string; readonly path: string; readonly dataDir: string },
  taken: readonly IpsecTunnel[],
): Promise<void> {
  const { sandboxUrl, path, dataDir } = where;
  const tunnels = await tunnelsIn(sandboxUrl);
  expect(tunnels.map(({ name }) => name).toSorted()).toEqual(BRANCHES.map(({ request }) => request.name).toSorted());
  const foreign = new Set(taken.map(({ id }) => id));
  const ids = new Map(tunnels.filter(({ id }) => !foreign.has(id)).map(({ name, id }) => [name, id]));
  const { rows } = await readBatch(desk.origin, path);
  expect(rows.filter((row) => !isOver(row))).toEqual([]);
  expect(
    rows.map(({ request, state, tunnelId }) => ({ name: request['name'], made: state === 'created', tunnelId })),
  ).toEqual(BRANCHES.map(({ request: { name } }) => ({ name, made: ids.has(name), tunnelId: ids.get(name) })));

  // Names are unique at Cloudflare: it would have refused what was sent again although it was there.
  const refused = (await trailOf(desk)).filter(({ outcome }) => outcome?.codes.includes(CODES.invalid));
  const namesTaken = new Set(TAKEN.map(nameOf));
  expect(
    refused.filter(({ tunnelName, outcome }) => !namesTaken.has(tunnelName) || outcome?.result !== 'refused'),
  ).toEqual([]);

  process.kill(desk.pid, 'SIGTERM');
  expect(await desk.ended).toBe(0);
  const files = readdirSync(dataDir).filter((file) => readFileSync(join(dataDir, file)).includes(KEY_BEGINS));
  expect(files, 'no file has a key').toEqual([]);
}
