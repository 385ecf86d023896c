import { useQuery } from '@tanstack/react-query';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import { type Session, sessionSchema } from '@tunnel-desk/shared/api/session';
import { type ApiResponse, callApi } from '../lib/api-client.ts';

export type SessionState =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'not-signed-in' }
  /** Signed in, and without any role at this desk. */
  | { readonly kind: 'not-permitted' }
  /** The server can't check who the person is at the moment. */
  | { readonly kind: 'identity-unavailable' }
  /** The person sent too many requests in one minute. */
  | { readonly kind: 'asked-to-wait' };

/** What the server says about itself and the person; requested once, because only a restart or a sign-in changes it. */
export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: fetchSession, staleTime: Number.POSITIVE_INFINITY });
}

const UNAUTHORIZED = 401;

async function fetchSession(): Promise<SessionState> {
  const response = await callApi(SESSION_PATH);
  if (response.kind === 'response' && response.envelope.success) {
    return { kind: 'signed-in', session: sessionSchema.parse(response.envelope.result) };
  }
  // A proxy in front that requires a sign-in responds in a format of its own.
  if (response.kind !== 'no-response' && response.status === UNAUTHORIZED) return { kind: 'not-signed-in' };
  switch (codeOf(response)) {
    case ERRORS.notPermitted.code:
      return { kind: 'not-permitted' };
    case ERRORS.identityUnavailable.code:
      return { kind: 'identity-unavailable' };
    case ERRORS.rateLimited.code:
      return { kind: 'asked-to-wait' };
    default:
      throw new Error('no session');
  }
}

function codeOf(response: ApiResponse): number | undefined {
  return response.kind === 'response' ? response.envelope.errors[0]?.code : undefined;
}
