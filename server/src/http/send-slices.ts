// The success envelope around a list that is read a few entries at a time, written no faster than the client takes it.

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * `opening` and `closing` are the JSON of the result before and behind the entries. The first slice is read before the response
 * begins: where that fails, it rejects.
 */
export async function sendSlices(
  reply: FastifyReply,
  slices: AsyncGenerator<readonly object[]>,
  { opening = '[', closing = ']' } = {},
): Promise<FastifyReply> {
  const first = await slices.next();
  reply.header('content-type', 'application/json; charset=utf-8');
  return reply.send(Readable.from(envelopeOf(first.value ?? [], slices, { opening, closing })));
}

async function* envelopeOf(
  first: readonly object[],
  rest: AsyncIterable<readonly object[]>,
  { opening, closing }: { readonly opening: string; readonly closing: string },
): AsyncGenerator<string> {
  yield `{"success":true,"errors":[],"messages":[],"result":${opening}${listed(first)}`;
  let isEmpty = first.length === 0;
  for await (const slice of rest) {
    if (slice.length === 0) continue;
    yield `${isEmpty ? '' : ','}${listed(slice)}`;
    isEmpty = false;
  }
  yield `${closing}}`;
}

function listed(slice: readonly object[]): string {
  return slice.map((entry) => JSON.stringify(entry)).join(',');
}
