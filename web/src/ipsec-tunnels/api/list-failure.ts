// Why the account's tunnels could not be listed, in two parts: what happened, and what to do now.

import { ERRORS, type Explanation, explainError, isDeskCode } from '@tunnel-desk/shared/api/errors';
import type { ApiResponse } from '../../lib/api-client.ts';

/** Thrown where a list was asked for and did not come. */
export class ListFailure extends Error {
  readonly response: ApiResponse;

  constructor(response: ApiResponse) {
    super('the tunnels could not be listed');
    this.response = response;
  }
}

export interface ListFailureWords extends Explanation {
  /** Whether another try may end otherwise without anybody doing something first. */
  readonly mayPass: boolean;
  /** Whether signing in again is what to do now. */
  readonly needsSignIn: boolean;
}

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const RETRY = 'Try again in a moment.';
/** Of Cloudflare's codes, those of which one knows what somebody must do first. */
const KNOWN_CODES = new Set([10000, 9109, 1012]);

/** What a person is told of an error that listing ended in. */
export function explainListFailure(error: unknown): ListFailureWords {
  const response: ApiResponse = error instanceof ListFailure ? error.response : { kind: 'no-response' };
  if (response.kind === 'no-response') {
    return passing(
      "This page can't reach its server.",
      'Check that the desk is running and that you are on its network.',
    );
  }
  const { status } = response;
  const cause = response.kind === 'response' ? response.envelope.errors[0] : undefined;
  if (cause?.code === ERRORS.notSignedIn.code || (response.kind === 'unintelligible' && status === UNAUTHORIZED)) {
    return { title: 'Your sign-in has ended.', whatNow: 'Sign in again.', mayPass: false, needsSignIn: true };
  }
  if (response.kind === 'unintelligible') {
    return passing(`Something between this page and its server responded instead (status ${status}).`);
  }
  if (cause === undefined) return passing(`The response does not list the tunnels (status ${status}).`);
  const { code, message } = cause;
  const words = explainError({ status, code }, { action: 'create', effect: 'none', retryAfterS: response.retryAfterS });
  if (KNOWN_CODES.has(code)) return { ...passing(words.title, words.whatNow), mayPass: false };
  if (status === FORBIDDEN) {
    return { ...passing('You may not see the tunnels of this account.', `${message} (${code})`), mayPass: false };
  }
  return passing(isDeskCode(code) ? words.title : `Cloudflare did not list the tunnels: ${message} (${code})`);
}

function passing(title: string, whatNow = RETRY): ListFailureWords {
  return { title, whatNow, mayPass: true, needsSignIn: false };
}
