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
