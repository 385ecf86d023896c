// fetch for what an identity provider sends: keys, its description, tokens. None of it is large.

/** In bytes, as they are after decompression; a set of keys has a few kilobytes. */
const MAX_RESPONSE_BYTES = 256 * 1024;

/** What the log says of it. */
export const TOO_LARGE = `the response is larger than ${MAX_RESPONSE_BYTES / 1024} KiB`;

export class ResponseTooLarge extends Error {
  constructor() {
    super(TOO_LARGE);
  }
}

/** The response with its whole body read. Rejects with {@link ResponseTooLarge} as soon as that is too large. */
export async function fetchBounded(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { body, status, statusText, headers } = response;
  if (body === null) return response;
  // Leaving the loop cancels the rest.
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_RESPONSE_BYTES) throw new ResponseTooLarge();
    chunks.push(chunk);
  }
  return new Response(new Blob(chunks), { status, statusText, headers });
}
