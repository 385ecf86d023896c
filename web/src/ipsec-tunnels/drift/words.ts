// What is said of what was done elsewhere, and of how this desk knew the tunnel before.

import type { DriftKind, KnownBy } from '@tunnel-desk/shared/api/drift';

export const DRIFT_WORDS: Readonly<Record<DriftKind, string>> = {
  changed: 'Changed elsewhere',
  made: 'Made elsewhere',
  deleted: 'Deleted elsewhere',
};

const HOW_WORDS: Readonly<Record<KnownBy['how'], string>> = {
  made: 'it was created here',
  saved: 'it was saved here',
  accepted: 'it was accepted here',
  'first-seen': 'this desk first saw it',
};

/** "it was saved here by ada@example.com": what stands between "as" and its moment. */
export function knownByWords({ how, personName }: KnownBy): string {
  return personName === undefined ? HOW_WORDS[how] : `${HOW_WORDS[how]} by ${personName}`;
}
