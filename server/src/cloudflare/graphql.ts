// A response of Cloudflare's GraphQL API. It has no envelope: with status 200 come `data`, `errors`, or both, and `data: null`
// is a failure (Cloudflare's guide "GraphQL Analytics API"). What a gateway before it refuses is in the envelope all the same.

import { z } from 'zod';
import type { JsonResponse, NoResponse, ResponseHead } from './response.ts';

/** Below the base URL. */
export const GRAPHQL_PATH = '/graphql';
/** In bytes: some tens of thousands of rows. */
export const MAX_GRAPHQL_BYTES = 8 * 1024 * 1024;

export interface GraphqlQuery<Data> {
  readonly text: string;
  readonly variables: Readonly<Record<string, string | number | readonly string[]>>;
  /** What `data` must be, and how it is read. */
  readonly data: z.ZodType<Data>;
}

export interface GraphqlError {
  readonly message: string;
  /** Such as `authz`, or one of the envelope's numbers. */
  readonly code: string | undefined;
}

export type GraphqlResponse<Data> =
  | (ResponseHead & {
      readonly kind: 'response';
      /** Whether all came that was asked for. */
      readonly success: boolean;
      /** What came, perhaps a part; absent where nothing did. */
      readonly data: Data | undefined;
      readonly errors: readonly GraphqlError[];
    })
  | NoResponse;

const code = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

const errorSchema = z
  .object({ message: z.string(), code, extensions: z.object({ code }).nullish().catch(undefined) })
  .transform(({ message, ...error }): GraphqlError => ({ message, code: error.extensions?.code ?? error.code }));

const responseSchema = z.object({ data: z.unknown().optional(), errors: z.array(errorSchema).nullish() });

export function readGraphql<Data>(read: JsonResponse, schema: z.ZodType<Data>): GraphqlResponse<Data> {
  if (read.kind !== 'json') return read;
  const { head, json } = read;
  const response = responseSchema.safeParse(json).data;
  const errors = response?.errors ?? [];
  if (response === undefined || (response.data === undefined && errors.length === 0)) {
    return { kind: 'unintelligible', ...head, content: 'JSON of another form' };
  }
  const data = response.data === null ? undefined : schema.safeParse(response.data).data;
  const isUnexpected = data === undefined && errors.length === 0 && response.data !== null;
  if (isUnexpected) return { kind: 'unintelligible', ...head, content: 'an unexpected result' };
  const success = data !== undefined && errors.length === 0 && head.status < 300;
  return { kind: 'response', ...head, success, data, errors };
}
