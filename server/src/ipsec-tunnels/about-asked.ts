// Whether a success is about the tunnel that was asked for.

import type { UpstreamResponse } from '../cloudflare/response.ts';

/** The response; a success that is not about what was asked for leaves open what became of that, so it is unintelligible. */
export function aboutAsked<Result>(
  response: UpstreamResponse<Result>,
  isAsked: (result: Result) => boolean,
): UpstreamResponse<Result> {
  if (response.kind !== 'response' || !response.success || isAsked(response.result)) return response;
  const { status, cfRay, retryAfter } = response;
  return { kind: 'unintelligible', status, cfRay, retryAfter, content: 'a tunnel of other values than were sent' };
}

/** Of a change to a tunnel that exists: a response may leave out whether it was done, and the tunnel it was done to. */
export function isDoneTo(
  tunnelId: string,
  isDone: boolean | undefined,
  tunnel: { readonly id: string } | undefined,
): boolean {
  return isDone !== false && (tunnel?.id ?? tunnelId) === tunnelId;
}
