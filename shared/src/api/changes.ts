// What can be done to an IPsec tunnel: how each change stands in the audit log, and the words a person is told it in.

import type { AuditAction, AuditResult } from './audit.ts';

interface ChangeWords {
  /** How it stands in the audit log when it was carried out, and when nothing was. */
  readonly results: { readonly done: AuditResult; readonly notDone: AuditResult };
  /** How its validation stands there. */
  readonly validation: AuditAction;
  /** What the tunnel was, in "The tunnel was …" and "while the tunnel was being …". */
  readonly participle: string;
  /** That it had no effect, as a sentence. */
  readonly nothing: string;
  /** That it may have had one. */
  readonly maybe: string;
  /** What somebody does who does it once more, in "It is safe to …". */
  readonly again: string;
  /** That looking at the account has shown that it had no effect, as a sentence. */
  readonly notDone: string;
}

export const CHANGES = {
  create: {
    results: { done: 'created', notDone: 'not-created' },
    validation: 'validate',
    participle: 'created',
    nothing: 'Nothing was created.',
    maybe: 'The tunnel may exist',
    again: 'create it again',
    notDone: 'The desk looked for the tunnel, and it does not exist.',
  },
  update: {
    results: { done: 'updated', notDone: 'not-updated' },
    validation: 'validate-update',
    participle: 'changed',
    nothing: 'Nothing was changed.',
    maybe: 'The tunnel may have been changed',
    again: 'save it again',
    notDone: 'The desk looked at the tunnel, and it was not changed.',
  },
  delete: {
    results: { done: 'deleted', notDone: 'not-deleted' },
    validation: 'validate-delete',
    participle: 'deleted',
    nothing: 'Nothing was deleted.',
    maybe: 'The tunnel may be gone',
    again: 'delete it again',
    notDone: 'The desk looked for the tunnel, and it still exists.',
  },
  'generate-psk': {
    results: { done: 'generated', notDone: 'not-generated' },
    validation: 'validate-generate-psk',
    participle: 'given a new key',
    nothing: 'The key was not changed.',
    maybe: 'The key may have been replaced',
    again: 'generate a key again',
    notDone: 'The desk looked at the tunnel, and its key was not changed.',
  },
} as const satisfies Record<string, ChangeWords>;

export type ChangeAction = keyof typeof CHANGES;
