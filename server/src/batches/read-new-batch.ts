// The body of a new batch, read and validated a piece at a time: there are up to 4,000 rows in it, and meanwhile the desk has
// others to respond to.

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { keptRowSchema, MAX_BATCH_ROWS, newBatchSchema } from '@tunnel-desk/shared/api/batches';
import { createIpsecTunnelRequestSchema, type IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { closedObject } from '@tunnel-desk/shared/issues';
import { z } from 'zod';
import { splitArray } from '../cloudflare/array-splitter.ts';
import { MalformedJson } from '../http/json-body.ts';
import type { BatchToKeep } from './batch-store.ts';

/** How long it may go on before others have a turn, in milliseconds. */
const LONGEST_STRETCH_MS = 5;
const PIECE_BYTES = 16 * 1024;
/** The page has validated the rows: a body with more issues than this comes from no page, and is read no further. */
const MOST_ISSUES = 200;

const restSchema = newBatchSchema.extend({ rows: z.array(z.unknown(), { error: 'must be an array of rows' }) });

/** What a row may be in one account. */
export function batchRowSchemaFor(rules: Omit<IpsecTunnelRules, 'healthCheckTarget'>) {
  const request = createIpsecTunnelRequestSchema({ ...rules, healthCheckTarget: 'string' }).superRefine(
    ({ psk }, context) => {
      if (psk === undefined) return;
      const message = 'a batch keeps no key: leave it out here, and send it when the row is created';
      context.addIssue({ code: 'custom', path: ['psk'], message });
    },
  );
  return closedObject({ ...keptRowSchema.shape, request });
}

export type BatchRowSchema = ReturnType<typeof batchRowSchemaFor>;

export type ReadBatch =
  | { readonly kind: 'read'; readonly batch: Omit<BatchToKeep, 'id'> }
  | { readonly kind: 'wrong'; readonly error: z.ZodError };

/** Throws what the desk responds to as to any other body that is not JSON; `parse` reads a part of it, and throws the same. */
export async function readNewBatch(
  body: Buffer,
  rowSchema: BatchRowSchema,
  parse: (json: Buffer) => unknown,
): Promise<ReadBatch> {
  const splitter = splitArray(['rows']);
  const rows: string[] = [];
  const issues: z.core.$ZodIssue[] = [];
  const hash = createHash('sha256');
  let turnBeganAt = performance.now();
  let count = 0;

  const readRow = (json: Buffer) => {
    const index = count;
    count += 1;
    const row = rowSchema.safeParse(parse(json));
    if (!row.success) return issues.push(...row.error.issues.map((issue) => inRow(index, issue)));
    const { sharesKeyWith } = row.data;
    if (sharesKeyWith !== undefined && sharesKeyWith > index) issues.push(notEarlier(index));
    const text = JSON.stringify(row.data);
    hash.update(text).update('\n');
    return rows.push(text);
  };

  for (let from = 0; from < body.length && issues.length < MOST_ISSUES; from += PIECE_BYTES) {
    const pieces = splitter.push(body.subarray(from, from + PIECE_BYTES));
    if (typeof pieces === 'string') throw new MalformedJson();
    for (const piece of pieces) {
      if (performance.now() - turnBeganAt > LONGEST_STRETCH_MS) {
        await nextTurn();
        turnBeganAt = performance.now();
      }
      if (count === MAX_BATCH_ROWS) return wrong([NUMBER_OF_ROWS]);
      readRow(piece);
      if (issues.length >= MOST_ISSUES) return wrong(issues);
    }
  }
  const rest = restSchema.safeParse(parse(Buffer.from(splitter.rest())));
  if (!rest.success) return wrong([...rest.error.issues, ...issues]);
  if (issues.length > 0) return wrong(issues);
  if (count === 0) return wrong([NUMBER_OF_ROWS]);
  const { source } = rest.data;
  const bodyHash = hash.update(JSON.stringify(source)).digest('base64url');
  return { kind: 'read', batch: { source, bodyHash, rows: `[${rows.join(',')}]` } };
}

const NUMBER_OF_ROWS: z.core.$ZodIssue = {
  code: 'custom',
  path: ['rows'],
  message: `must have from 1 to ${MAX_BATCH_ROWS} rows`,
  input: undefined,
};

function wrong(issues: z.core.$ZodIssue[]): ReadBatch {
  return { kind: 'wrong', error: new z.ZodError(issues) };
}

function inRow(index: number, issue: z.core.$ZodIssue): z.core.$ZodIssue {
  return { ...issue, path: ['rows', index, ...issue.path] };
}

function notEarlier(index: number): z.core.$ZodIssue {
  const message = 'must be the number of an earlier row';
  return { code: 'custom', path: ['rows', index, 'sharesKeyWith'], message, input: undefined };
}
