// What the form on a tunnel opens with.

import type { TunnelVersion } from '../api/get-ipsec-tunnel.ts';
import type { TunnelContext } from '../form/fields.ts';
import { reopened } from '../form/reopened.ts';
import { mergeTunnelChanges, valuesOfTunnel } from '../form/tunnel-update.ts';
import { loadEditDraft } from './edit-draft.ts';
import { type RestoredValues, withRestored } from './restored.ts';
import { type FixValues, withFix } from './tunnel-fix.ts';

/** What is put in the form on the way to it. */
export interface BroughtValues {
  /** What its router needs. */
  readonly fix?: FixValues | undefined;
  /** How the desk knew the tunnel. */
  readonly restored?: RestoredValues | undefined;
}

/** The draft of before on top of what the tunnel is now, else the tunnel; and on top of that what was brought along. */
export function openingOn(opened: TunnelVersion, context: TunnelContext, { fix = {}, restored = {} }: BroughtValues) {
  const opening = openingWithoutFix(opened, context);
  return { ...opening, values: withRestored(withFix(opening.values, fix), restored) };
}

function openingWithoutFix(opened: TunnelVersion, context: TunnelContext) {
  const theirs = valuesOfTunnel(opened.tunnel, context);
  const draft = loadEditDraft(opened.tunnel.id);
  if (draft === undefined) return { values: theirs, isDraft: false, isKeyLost: false, merge: undefined };
  const { values: yours, isKeyLost } = reopened(draft.values);
  const { values, fields } = mergeTunnelChanges(
    { base: valuesOfTunnel(draft.base.tunnel, context), yours, theirs },
    context,
  );
  const isOther = fields.length > 0 || isKeyChanged(draft.base, opened);
  return {
    values,
    isDraft: true,
    isKeyLost,
    merge: isOther ? { fields, isKeyChanged: isKeyChanged(draft.base, opened), wasSent: false } : undefined,
  };
}

/** Whether a tunnel was given another key between two looks at it. */
export function isKeyChanged(a: TunnelVersion, b: TunnelVersion): boolean {
  return a.tunnel.psk_metadata?.last_generated_on !== b.tunnel.psk_metadata?.last_generated_on;
}
