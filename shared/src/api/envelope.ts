// Cloudflare's v4 envelope, in which this server responds too.

import { z } from 'zod';

const messageSchema = z.looseObject({
  code: z.int(),
  message: z.string(),
  source: z.looseObject({ pointer: z.string().optional() }).optional(),
  /** The HTTP status that an error of Cloudflare's came with, where the response has another. */
  status: z.int().optional(),
});

/** An entry of `errors` or `messages`; `source.pointer` is a JSON pointer into the request body. */
export type EnvelopeMessage = z.infer<typeof messageSchema>;

export const envelopeSchema = z.looseObject({
  success: z.boolean(),
  // Cloudflare leaves these out, or null, on some of its services.
  errors: z
    .array(messageSchema)
    .nullish()
    .transform((errors) => errors ?? []),
  messages: z
    .array(messageSchema)
    .nullish()
    .transform((messages) => messages ?? []),
  result: z
    .unknown()
    .optional()
    .transform((result): unknown => result ?? null),
});

export type Envelope = z.infer<typeof envelopeSchema>;

export function successEnvelope(result: unknown, messages: EnvelopeMessage[] = []): Envelope {
  return { success: true, errors: [], messages, result };
}

export function failureEnvelope(errors: EnvelopeMessage[]): Envelope {
  return { success: false, errors, messages: [], result: null };
}
