// The pre-shared keys that were sent lately: a list that is read to find out how a create ended, or by somebody else
// meanwhile, must not repeat them either.

import { hiddenSecret } from './hidden-secret.ts';
import { type Sought, valuesIn } from './without-secrets.ts';

export interface RecentKeys {
  /** Remembers the body's key, if it has one; returns what the response to its own call is searched for. */
  add(body: { readonly psk?: string | undefined }): readonly Sought[];
  /** Those not forgotten yet, for the response to another call. */
  all(): readonly Sought[];
}

/** In milliseconds: longer than it takes to find out how a create ended. */
const KEPT_FOR = 15 * 60_000;
/** Every list is searched for each of them. */
const MAX_KEYS = 32;

/** `now` is in milliseconds. */
export function rememberKeys(now = () => performance.now()): RecentKeys {
  /** By key, the newest last. */
  const recent = new Map<string, { readonly sought: Sought; readonly until: number }>();
  const forgetOld = () => {
    for (const [key, { until }] of recent) if (until <= now() || recent.size > MAX_KEYS) recent.delete(key);
  };
  return {
    add({ psk, ...sent }) {
      if (psk === undefined || psk === '') return [];
      const sought = { secret: hiddenSecret(psk), sent: valuesIn(sent), isOfOtherCall: false };
      recent.delete(psk);
      recent.set(psk, { sought: { ...sought, isOfOtherCall: true }, until: now() + KEPT_FOR });
      forgetOld();
      return [sought];
    },
    all() {
      forgetOld();
      return [...recent.values()].map(({ sought }) => sought);
    },
  };
}
