// What the form opens with when another page of the app sends somebody there. In memory alone: it may hold a key.

import type { TunnelFormValues } from '../form/fields.ts';

/** The history state of a form that was opened from within the app, so that the focus goes to its title. */
export const IS_NEXT = 'next';

let next: TunnelFormValues | undefined;

/** Has the form open with these values. */
export function openNextWith(values: TunnelFormValues): void {
  next = values;
}

export function nextValues(): TunnelFormValues | undefined {
  return next;
}

export function forgetNext(): void {
  next = undefined;
}

/** The history state of a form that was filled with what the audit log recorded of a tunnel: its name. */
export interface RecreatedState {
  readonly recreated: string;
}

/** The name of the tunnel that the form was filled with; `undefined` where it was opened in another way. */
export function recreatedIn(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('recreated' in state)) return undefined;
  return typeof state.recreated === 'string' ? state.recreated : undefined;
}
