// A batch: many creates of tunnels as one piece of work, kept by this desk so that anybody can see where it stands and go on.
// Each row is a submission of its own. No key is ever in a batch.

import { z } from 'zod';
import { KEY_SOURCES } from '../ipsec-tunnels/key-sources.ts';
import { closedObject } from '../issues.ts';

/** Of a file that is imported; each may become a pair. */
export const MAX_IMPORT_ROWS = 2_000;
export const MAX_BATCH_ROWS = 2 * MAX_IMPORT_ROWS;

export const BATCH_SOURCES = ['file', 'pasted', 'pair'] as const;

const sourceSchema = closedObject({
  kind: z.enum(BATCH_SOURCES),
  /** Of the file; of the pair, what both names begin with; empty for pasted cells. */
  name: z.string().max(255),
});
export type BatchSource = z.infer<typeof sourceSchema>;

const rowNumber = z.int().min(1).max(MAX_BATCH_ROWS);

/** What is kept of a row: beside this, its request must be one that can be sent, and have no key. */
export const keptRowSchema = closedObject({
  request: z.record(z.string(), z.unknown()),
  keySource: z.enum(KEY_SOURCES),
  /** The number of an earlier row whose key this one has too. */
  sharesKeyWith: rowNumber.optional(),
  /**
   * Its number where it came from: that of an `ImportRow`, by which it is called, and by which the two of a pair are known.
   * Batches that were begun before this was kept have none.
   */
  importRow: rowNumber.optional(),
});
export type KeptBatchRow = z.infer<typeof keptRowSchema>;

/**
 * The body of `PUT …/tunnel-batches/{id}`, whose ID is a UUID of the client's own: sent again, it begins nothing new. The
 * response is the batch's {@link BatchSummary}.
 */
export const newBatchSchema = closedObject({
  source: sourceSchema,
  /** In their order: the first one is row 1. */
  rows: z.array(keptRowSchema).min(1).max(MAX_BATCH_ROWS),
});
export type NewBatch = z.infer<typeof newBatchSchema>;

/**
 * What became of a row, by its submission. `not-created`: Cloudflare refused it, or it was looked for until that was
 * certain; only then another try, under another key, is possible. `unknown`: not known yet.
 */
export const ROW_STATES = ['not-tried', 'under-way', 'created', 'not-created', 'unknown'] as const;
export type RowState = (typeof ROW_STATES)[number];

export const batchRowSchema = keptRowSchema.extend({
  number: rowNumber,
  state: z.enum(ROW_STATES),
  /** The one it was sent under last, or was about to be: a row that is not tried has it where the desk broke off in between. */
  idempotencyKey: z.string().optional(),
  /** When its last try ended, or began where it has not ended: ISO 8601, UTC. */
  at: z.string().optional(),
  /** Of the tunnel it made. */
  tunnelId: z.string().optional(),
  /** Why it was not created, as far as Cloudflare or this desk said. */
  errors: z.array(z.looseObject({ code: z.int(), message: z.string() })).optional(),
});
export type BatchRow = z.infer<typeof batchRowSchema>;

export const batchHeadSchema = z.object({
  id: z.string(),
  source: sourceSchema,
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** Who began it. */
  personName: z.string(),
});

export const batchSchema = batchHeadSchema.extend({ rows: z.array(batchRowSchema) });
export type Batch = z.infer<typeof batchSchema>;

/** One of an account's batches in their list, with how many of its rows are in which state. */
export const batchSummarySchema = batchHeadSchema.extend({ counts: z.record(z.enum(ROW_STATES), z.int()) });
export type BatchSummary = z.infer<typeof batchSummarySchema>;

/** The newest first. */
export const batchListSchema = z.object({ batches: z.array(batchSummarySchema) });
