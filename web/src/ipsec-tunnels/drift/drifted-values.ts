// What was changed elsewhere as the form of a tunnel has it: each change in the form's words, and the values that undo them.

import type { DriftedField, DriftedTunnel } from '@tunnel-desk/shared/api/drift';
import { fieldAt, fromResource, valueIn } from '../../forms/fields.ts';
import type { RestoreState } from '../edit/restored.ts';
import { TUNNEL_FORM, type TunnelContext } from '../form/fields.ts';
import { type ChangeInWords, changeInWords, type TunnelFieldName, tunnelChanges } from '../form/tunnel-update.ts';

export type ChangedElsewhere = Extract<DriftedTunnel, { kind: 'changed' }>;

/** Each change from what the desk knew to what was found, as the form for a change tells its own. */
export function driftInWords({ known, fields }: ChangedElsewhere, context: TunnelContext): readonly ChangeInWords[] {
  const before = fromResource(TUNNEL_FORM, known, context);
  const after = fromResource(TUNNEL_FORM, foundResource(known, fields), context);
  const changes = tunnelChanges(before, after, context);
  const isTold = new Set<TunnelFieldName>(changes.map(({ field }) => field));
  const untold = fields.filter(({ field }) => !formFields(field).some((name) => isTold.has(name)));
  return [
    ...changes.map(changeInWords),
    // What the form takes for the same is shown as it is.
    ...untold.map(({ field, known: from, found: to }) => ({
      field,
      label: labelOf(field),
      from: plainText(from),
      to: plainText(to),
    })),
  ];
}

/** Has the tunnel's form open with the known values in place of those that were found. */
export function restoreStateOf({ tunnelId, known, fields }: ChangedElsewhere, context: TunnelContext): RestoreState {
  const before = fromResource(TUNNEL_FORM, known, context);
  const names = new Set(fields.flatMap(({ field }) => formFields(field)));
  const values = Object.fromEntries([...names].map((name) => [name, valueIn(TUNNEL_FORM.fields, name, before)]));
  return { restore: { tunnelId, values } };
}

/** The fields of the form that a field of a tunnel is shown in: its own, and the switch of its group. */
function formFields(field: string): TunnelFieldName[] {
  const path = field.split('.');
  return [fieldAt(TUNNEL_FORM, path), fieldAt(TUNNEL_FORM, path.slice(0, 1))].filter((name) => name !== undefined);
}

function labelOf(field: string): string {
  const [name] = formFields(field);
  return name === undefined ? field : TUNNEL_FORM.fields[name].label;
}

/** The tunnel as it was found, as far as it is told: a group of which nothing is left is none. */
function foundResource(known: object, fields: readonly DriftedField[]): object {
  const found = new Map<string, unknown>(Object.entries(known));
  for (const { field, found: value } of fields) {
    const [group = '', member] = field.split('.');
    found.set(group, member === undefined ? value : { ...Object(found.get(group)), [member]: value });
  }
  return Object.fromEntries([...found].map(([name, value]) => [name, isVoid(value) ? undefined : value]));
}

function isVoid(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined;
  return !Array.isArray(value) && Object.values(value).every((each) => each === undefined || each === '');
}

function plainText(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
