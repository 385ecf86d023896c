// What an entry of the audit log says, in words: who did or tried what, and how it ended.

import type { AuditAction, AuditEntry, AuditResult } from '@tunnel-desk/shared/api/audit';

interface ActionWords {
  /** Its name in a list of actions. */
  readonly name: string;
  /** What somebody did whose attempt succeeded. */
  readonly done: string;
  /** What somebody did of whom that is not known, or not so. */
  readonly tried: string;
}

export const ACTIONS: Readonly<Record<AuditAction, ActionWords>> = {
  create: { name: 'Create', done: 'created', tried: 'tried to create' },
  update: { name: 'Change', done: 'changed', tried: 'tried to change' },
  delete: { name: 'Delete', done: 'deleted', tried: 'tried to delete' },
  'generate-psk': { name: 'Generate a key', done: 'generated a key for', tried: 'tried to generate a key for' },
  validate: { name: 'Validate a create', done: 'validated', tried: 'validated' },
  'validate-update': { name: 'Validate a change', done: 'validated a change to', tried: 'validated a change to' },
  'validate-delete': { name: 'Validate a deletion', done: 'validated deleting', tried: 'validated deleting' },
  'validate-generate-psk': {
    name: 'Validate a new key',
    done: 'validated a new key for',
    tried: 'validated a new key for',
  },
  'accept-drift': {
    name: 'Accept what was done elsewhere',
    done: 'accepted what was done elsewhere to',
    tried: 'tried to accept what was done elsewhere to',
  },
  'find-drift': {
    name: 'Find what was done elsewhere',
    done: 'found what was done elsewhere to',
    tried: 'found what was done elsewhere to',
  },
};

/** How much an outcome asks for attention. */
export type Tone = 'done' | 'valid' | 'refused' | 'not-done' | 'unknown' | 'open' | 'elsewhere';

interface OutcomeWords {
  readonly tone: Tone;
  readonly word: string;
  /** What it means, as a sentence. */
  readonly meaning: string;
}

const NOT_DONE = 'Nothing was sent, or the desk looked until it was certain that nothing was done.';
const LOOKED_FOR = 'The desk keeps looking until it is known.';

export const OUTCOMES: Readonly<Record<AuditResult, OutcomeWords>> = {
  created: { tone: 'done', word: 'Created', meaning: 'Cloudflare created it.' },
  updated: { tone: 'done', word: 'Changed', meaning: 'Cloudflare changed it.' },
  deleted: { tone: 'done', word: 'Deleted', meaning: 'Cloudflare deleted it.' },
  generated: { tone: 'done', word: 'Key generated', meaning: 'Cloudflare replaced its key.' },
  accepted: { tone: 'done', word: 'Accepted', meaning: 'The desk takes it as it is. Nothing was sent to Cloudflare.' },
  'changed-elsewhere': {
    tone: 'elsewhere',
    word: 'Changed elsewhere',
    meaning: 'It is not as this desk knew it: somebody changed it without this desk.',
  },
  'deleted-elsewhere': {
    tone: 'elsewhere',
    word: 'Deleted elsewhere',
    meaning: 'It does not exist any more: somebody deleted it without this desk.',
  },
  'made-elsewhere': {
    tone: 'elsewhere',
    word: 'Made elsewhere',
    meaning: 'This desk does not know it: somebody made it without this desk.',
  },
  validated: { tone: 'valid', word: 'Valid', meaning: 'Cloudflare found no errors. Nothing was changed.' },
  'not-validated': {
    tone: 'not-done',
    word: 'Not validated',
    meaning: 'No usable response came. Nothing was changed.',
  },
  refused: { tone: 'refused', word: 'Refused', meaning: 'It was refused, and nothing was changed.' },
  'not-created': { tone: 'not-done', word: 'Not created', meaning: NOT_DONE },
  'not-updated': { tone: 'not-done', word: 'Not changed', meaning: NOT_DONE },
  'not-deleted': { tone: 'not-done', word: 'Not deleted', meaning: NOT_DONE },
  'not-generated': { tone: 'not-done', word: 'No new key', meaning: NOT_DONE },
  unknown: { tone: 'unknown', word: 'Not known', meaning: `Whether it was done is not known. ${LOOKED_FOR}` },
  interrupted: {
    tone: 'unknown',
    word: 'Interrupted',
    meaning: `The desk was stopped before the outcome was recorded, so it is not known. ${LOOKED_FOR}`,
  },
};

/** Of an entry without an outcome. */
const UNDER_WAY: OutcomeWords = {
  tone: 'open',
  word: 'Under way',
  meaning: 'It has been recorded, and its outcome has not.',
};

export function outcomeOf({ outcome }: Pick<AuditEntry, 'outcome'>): OutcomeWords {
  return outcome === null ? UNDER_WAY : OUTCOMES[outcome.result];
}

/** What somebody did, before the name of what they did it to: "created", "tried to delete". */
export function whatWasDone(entry: Pick<AuditEntry, 'action' | 'outcome'>): string {
  const { done, tried } = ACTIONS[entry.action];
  return outcomeOf(entry).tone === 'done' ? done : tried;
}
