// A moment of a query: in ISO 8601 and UTC, or a date, which stands for the whole day.

import { z } from 'zod';

const DAY_MS = 86_400_000;

/** Parses the first moment that is meant, or the first that is not any more; `2026-07-29` as `last` ends with that day. */
export function momentSchema(which: 'first' | 'last') {
  const day = z.iso.date().transform((date) => new Date(Date.parse(date) + (which === 'first' ? 0 : DAY_MS)));
  return z.union([z.iso.datetime().transform((moment) => new Date(moment)), day]);
}
