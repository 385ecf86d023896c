import { useEffect, useRef } from 'react';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import type { TunnelFormValues } from '../form/fields.ts';

/**
 * Keeps a field at a value that depends on others, as long as nobody has entered another one there. `undefined`, for one that
 * is still being typed, leaves it as it is.
 */
export function useFollowing(name: keyof TunnelFormValues, value: string | undefined): void {
  const { form } = useLiveFormContext();
  const last = useRef(value);
  useEffect(() => {
    if (value === undefined) return;
    const current = form.getValues(name);
    const follows = current === '' || current === last.current;
    // Nobody will leave the field, after which something would be said of it.
    if (follows && current !== value) form.setValue(name, value, { shouldTouch: value !== '' });
    last.current = value;
  }, [form, name, value]);
}
