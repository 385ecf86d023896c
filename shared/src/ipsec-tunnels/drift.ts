// How a tunnel is not as the desk knew it: what was done to it elsewhere. Both ways: a field that was set, and one that was
// removed. What is absent and what is Cloudflare's default are the same.

import type { DriftedField } from '../api/drift.ts';
import { valueAt } from '../value-at.ts';
import { canonical, isSameValue } from './differences.ts';
import { exportedTunnel } from './export/exported-tunnel.ts';
import { IPSEC_TUNNEL_LABELS } from './labels.ts';
import type { IpsecTunnel } from './tunnel.ts';

/** A tunnel as a create request has it, without its key: what the desk keeps of one that it knows. */
export interface KnownRequest {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Every field that a tunnel tells: all of a create request but the key. In the order of the form. */
const FIELDS = Object.keys(IPSEC_TUNNEL_LABELS)
  .filter((field) => field !== 'psk')
  .map((field) => ({ field, path: field.split('.') }));

/** What the desk keeps of a tunnel to compare it with later. */
export function knownRequest(tunnel: IpsecTunnel): KnownRequest {
  return { ...exportedTunnel(tunnel).request, name: tunnel.name };
}

/** The fields in which a tunnel differs from what the desk knew of it; none where it says the same. */
export function driftedFields(known: KnownRequest, tunnel: IpsecTunnel): DriftedField[] {
  const drifted: DriftedField[] = [];
  for (const { field, path } of FIELDS) {
    const [before, now] = [valueAt(known, path), valueAt(tunnel, path)];
    if (isSameValue(field, before, now)) continue;
    drifted.push({ field, ...presentAs('known', before), ...presentAs('found', savedTarget(now)) });
  }
  return drifted;
}

/** A text that is equal for tunnels whose fields say the same; `undefined` for one that is gone. */
export function stateOf(tunnel: IpsecTunnel | undefined): string {
  return JSON.stringify(tunnel && FIELDS.map(({ field, path }) => canonical(field, valueAt(tunnel, path)))) ?? 'gone';
}

function presentAs<Key extends string>(key: Key, value: unknown) {
  return value === undefined ? {} : { [key]: value };
}

/** A health-check target as a text, as known ones are. */
function savedTarget(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'saved' in value ? value.saved : value;
}
