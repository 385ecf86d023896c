// How single variables of the environment are read. No problem quotes a value, in whatever variable: any could be a secret
// that was meant for another one.

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Secret } from './secret.ts';
import { fileErrorReason } from './startup-error.ts';

/** Ends a problem that a look at the value would explain. */
export const NOT_SHOWN = '(its text is not shown: it could be a secret)';

/** Adds a problem with the variable to those that keep the server from starting. */
export function addProblem(context: z.RefinementCtx, variable: string, message: string): void {
  context.addIssue({ code: 'custom', path: [variable], message });
}

/** Reports a problem with the value and ends its transform. */
export function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

/**
 * A comma-separated list, each entry parsed by `parseEntry`, which also gets its number, counted from 1. Empty entries, as
 * after a trailing comma, are ignored.
 */
export function list<Entry>(parseEntry: (text: string, context: z.RefinementCtx, number: number) => Entry) {
  return z.string().transform((text, context) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry, index) => parseEntry(entry, context, index + 1)),
  );
}

/** A token, password or key; nothing prints it from here on. */
export function secretText(minLength = 1) {
  return z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'must be one line of printable ASCII without white space', abort: true })
    .min(minLength, `must have at least ${minLength} characters`)
    .transform((value) => new Secret(value));
}

/** The text of the file that the variable names, without white space around it. */
export function readNamedFile(path: string, context: z.RefinementCtx): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    return refuse(
      context,
      `cannot read the file it names: ${fileErrorReason(error)}. Expected: the path of a file that holds the secret alone`,
    );
  }
}
