// What was changed shortly before the tunnel went down.

import type { AuditEntry } from '../../api/audit.ts';
import type { Since } from '../../api/health.ts';
import { differences } from '../../ipsec-tunnels/differences.ts';
import { IPSEC_TUNNEL_LABELS } from '../../ipsec-tunnels/labels.ts';
import type { IpsecTunnel } from '../../ipsec-tunnels/tunnel.ts';
import type { FixableField, TunnelFix } from '../../routers/advisories.ts';
import { IKE_LIFETIME } from '../../routers/router-tunnel.ts';
import type { Cause, DiagnosisInput } from '../cause.ts';

const MINUTE_MS = 60_000;
const SHORTLY_MS = 15 * MINUTE_MS;
/** A new key is asked for at the next authentication, at the latest when an IKE SA ends (Cloudflare's guides: 24 h). */
const UNTIL_AUTHENTICATION_MS = IKE_LIFETIME * 1000;
/** How much later than told it may have gone down. */
const UNCERTAINTY_MS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS } as const;

/** The values without which traffic or health checks stop, and the field of the form that has each. */
const INTERRUPTING = {
  cloudflare_endpoint: 'cloudflare_endpoint',
  customer_endpoint: 'customer_endpoint',
  interface_address: 'interface_address',
  interface_address6: 'interface_address6',
  replay_protection: 'replay_protection',
  'custom_remote_identities.fqdn_id': 'custom_remote_identities/fqdn_id',
  'health_check.enabled': 'health_check/enabled',
  'health_check.type': 'health_check/type',
  'health_check.direction': 'health_check/direction',
  'health_check.target': 'health_check/target',
} as const satisfies Partial<Record<keyof typeof IPSEC_TUNNEL_LABELS, FixableField>>;
type InterruptingField = keyof typeof INTERRUPTING;

/** Nothing where it is not known when the tunnel went down. */
export function* changedShortlyBefore(input: DiagnosisInput): Iterable<Cause> {
  const { tunnel, health, changes = [], formatMoment } = input;
  const { since, state } = health;
  if (since === undefined || since.precision === 'at-least') return;
  const word = state === 'down' ? 'It went down' : 'It became degraded';
  const about = since.precision === 'hour' ? 'about ' : '';
  const when = {
    sentence: `${word} at ${about}${formatMoment(since.at)}`,
    evidence: `Since: ${formatMoment(since.at)}`,
  };
  const gapTo = (moment: string | undefined) => gapBetween(moment, since);

  const done = changes.filter(isDone).map((entry) => ({ entry, at: entry.outcome?.at ?? entry.at }));
  const keyChange = done.find(({ entry, at }) => setsKey(entry) && gapTo(at) <= UNTIL_AUTHENTICATION_MS);
  const keySetOn = tunnel.psk_metadata?.last_generated_on;
  const keyAt = keyChange?.at ?? (gapTo(keySetOn) <= UNTIL_AUTHENTICATION_MS ? keySetOn : undefined);
  if (keyAt !== undefined && (keyChange !== undefined || !isFirstKey(tunnel))) {
    yield keyChanged(when, { at: formatMoment(keyAt), gap: gapTo(keyAt), by: keyChange?.entry.personName });
  }
  for (const { entry, at } of done) {
    if (gapTo(at) <= SHORTLY_MS) yield* valuesChanged(tunnel, when, { entry, at: formatMoment(at) });
  }
  const isExplained = [keyAt, ...done.map(({ at }) => at)].some((moment) => gapTo(moment) <= SHORTLY_MS);
  if (tunnel.modified_on === undefined || isExplained || gapTo(tunnel.modified_on) > SHORTLY_MS) return;
  if (gapBetween(tunnel.created_on, { ...since, at: tunnel.modified_on }) < MINUTE_MS) return;
  const at = formatMoment(tunnel.modified_on);
  yield {
    cause: 'changed-elsewhere',
    likelihood: 'possible',
    sentence: `${when.sentence}, and was changed at ${at}, not from this desk as far as is known here.`,
    evidence: [when.evidence, `Modified on: ${at}`],
  };
}

interface When {
  readonly sentence: string;
  readonly evidence: string;
}

function keyChanged(when: When, key: { at: string; gap: number; by: string | undefined }): Cause {
  const isShortly = key.gap <= SHORTLY_MS;
  return {
    cause: 'key-changed',
    likelihood: isShortly ? 'likely' : 'possible',
    sentence: `${when.sentence}, and its key was replaced at ${key.at}${key.by === undefined ? '' : ` by ${key.by}`}. ${
      isShortly
        ? 'The router needs the same key.'
        : 'A router that still has the old one fails at its next authentication, up to a day later.'
    }`,
    evidence: [when.evidence, `Key set on: ${key.at}`, ...(key.by === undefined ? [] : [`By: ${key.by}`])],
    fix: { label: 'Give it a new key', values: 'rotate-key' },
  };
}

function* valuesChanged(tunnel: IpsecTunnel, when: When, change: { entry: AuditEntry; at: string }): Iterable<Cause> {
  const { entry, at } = change;
  if (entry.action !== 'update' || entry.before === undefined) return;
  const changed = differences(entry.request, entry.before).flatMap(({ field, asked, found }) =>
    isInterrupting(field) ? [{ field, to: inWords(asked), from: inWords(found), before: found }] : [],
  );
  if (changed.length === 0) return;
  const list = changed.map(({ field, from, to }) => `${IPSEC_TUNNEL_LABELS[field]} from ${from} to ${to}`).join(', ');
  const isStillSo = differences(entry.request, tunnel).every(
    ({ field }) => !changed.some((each) => each.field === field),
  );
  const values = isStillSo ? valuesBefore(changed) : undefined;
  yield {
    cause: 'value-changed',
    likelihood: 'likely',
    sentence: `${when.sentence}, and ${entry.personName} changed this at ${at}: ${list}.`,
    evidence: [
      when.evidence,
      `Changed on: ${at}`,
      `By: ${entry.personName}`,
      ...changed.flatMap(({ field, from, to }) => [
        `${IPSEC_TUNNEL_LABELS[field]} before: ${from}`,
        `${IPSEC_TUNNEL_LABELS[field]} since: ${to}`,
      ]),
    ],
    fix: values && { label: 'Put it back', values },
  };
}

/** The form's values that put all of it back; `undefined` where one of them was something that the form can't be opened with. */
function valuesBefore(
  changed: readonly { readonly field: InterruptingField; readonly before: unknown }[],
): TunnelFix | undefined {
  const values: Partial<Record<FixableField, string | boolean>> = {};
  for (const { field, before } of changed) {
    if (typeof before !== 'boolean' && (typeof before !== 'string' || before === '')) return undefined;
    values[INTERRUPTING[field]] = before;
  }
  return values;
}

/** How long before it went down that was, in milliseconds; endless where it was afterwards, or is not known. */
function gapBetween(moment: string | undefined, { at, precision }: Since): number {
  if (moment === undefined || precision === 'at-least') return Number.POSITIVE_INFINITY;
  const gap = Date.parse(at) - Date.parse(moment);
  return gap >= -UNCERTAINTY_MS[precision] ? gap : Number.POSITIVE_INFINITY;
}

function isDone({ outcome }: AuditEntry): boolean {
  return outcome?.result === 'updated' || outcome?.result === 'generated';
}

function setsKey({ action, request }: AuditEntry): boolean {
  return action === 'generate-psk' || (action === 'update' && 'psk' in request);
}

/** Whether the key is the one that it was created with, which replaced none. */
function isFirstKey({ created_on = '', psk_metadata }: IpsecTunnel): boolean {
  return Math.abs(Date.parse(psk_metadata?.last_generated_on ?? '') - Date.parse(created_on)) < MINUTE_MS;
}

function isInterrupting(field: string): field is InterruptingField {
  return Object.hasOwn(INTERRUPTING, field);
}

function inWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'object' && value !== null && 'saved' in value) return inWords(value.saved);
  return 'none';
}
