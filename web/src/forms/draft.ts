// A form's draft in session storage: it survives a reload, and no secret is ever in it.

import { useEffect } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { type Fields, namesOf, type ValuesOf, valuesFrom } from './fields.ts';
import type { LiveValidation } from './live-validation.ts';

const SAVE_AFTER_MS = 300;

/** Where the draft of one form is kept. */
export interface DraftStore<Values> {
  /** The stored draft, read as far as this version of the form can. */
  load(): Values | undefined;
  /** Stores everything but secrets. Does nothing where the browser allows no storage. */
  save(values: Values): void;
  clear(): void;
}

export function draftStore<AnyFields extends Fields<never>>(
  storageKey: string,
  fields: AnyFields,
): DraftStore<ValuesOf<AnyFields>> {
  const withoutSecrets = (values: Readonly<Record<string, unknown>>) =>
    valuesFrom(fields, (name) => (fields[name]?.isSecret ? undefined : values[name]));
  return {
    load() {
      try {
        const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
        return typeof stored === 'object' && stored !== null ? withoutSecrets({ ...stored }) : undefined;
      } catch {
        return undefined;
      }
    },
    save(values) {
      try {
        sessionStorage.setItem(storageKey, JSON.stringify(withoutSecrets(values)));
      } catch {
        // Storage is full or forbidden: the form works without it.
      }
    },
    clear() {
      try {
        sessionStorage.removeItem(storageKey);
      } catch {
        // As in save.
      }
    },
  };
}

/** Whether the values differ from the empty form's: they would be missed. */
export function isFilled<AnyFields extends Fields<never>>(fields: AnyFields, values: object): boolean {
  const present = new Map(Object.entries(values));
  return namesOf(fields).some((name) => present.has(name) && present.get(name) !== fields[name]?.empty);
}

/** Stores the draft a moment after the last change, and at once when the page goes. */
export function useSavedDraft<Values extends Record<string, unknown>>(
  { getValues }: Pick<UseFormReturn<Values>, 'getValues'>,
  validation: LiveValidation,
  save: (values: Values) => void,
): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const saveNow = () => {
      clearTimeout(timer);
      timer = undefined;
      save(getValues());
    };
    const saveIfPending = () => {
      if (timer !== undefined) saveNow();
    };
    const unsubscribe = validation.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(saveNow, SAVE_AFTER_MS);
    });
    window.addEventListener('pagehide', saveIfPending);
    return () => {
      unsubscribe();
      window.removeEventListener('pagehide', saveIfPending);
      saveIfPending();
    };
  }, [getValues, validation, save]);
}
