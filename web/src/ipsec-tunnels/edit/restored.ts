// Values that undo what was done to a tunnel elsewhere, on their way to its form: in the browser's history entry, not in the URL.

import { z } from 'zod';
import { valuesFrom } from '../../forms/fields.ts';
import { TUNNEL_FORM, type TunnelFormValues } from '../form/fields.ts';

const restoreStateSchema = z.object({
  restore: z.object({ tunnelId: z.string(), values: z.record(z.string(), z.union([z.string(), z.boolean()])) }),
});

/** The history state of a form that is opened to restore a tunnel. */
export type RestoreState = z.infer<typeof restoreStateSchema>;
export type RestoredValues = RestoreState['restore']['values'];

/** The values for this tunnel; `undefined` where its form was opened in another way. */
export function restoredIn(state: unknown, tunnelId: string): RestoredValues | undefined {
  const restore = restoreStateSchema.safeParse(state).data?.restore;
  return restore?.tunnelId === tunnelId ? restore.values : undefined;
}

/** The form with these values in it, be they empty: that is how they were. */
export function withRestored(values: TunnelFormValues, restored: RestoredValues): TunnelFormValues {
  return valuesFrom(TUNNEL_FORM.fields, (name) => restored[name] ?? values[name]);
}
