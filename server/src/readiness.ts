// Whether the desk can do its work now, by checks that its parts provide.

import { type Envelope, failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import type { FastifyBaseLogger } from 'fastify';

/** Whether something that the desk needs is available; it logs why not. Rejecting counts as no. */
export type ReadinessCheck = (log: FastifyBaseLogger) => Promise<boolean>;

/** By names for what is checked, which any unauthenticated client may read. */
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>;

export interface Readiness {
  /** 200 when every check passes, else 503. */
  readonly status: number;
  /** With the state of each check as its result. */
  readonly envelope: Envelope;
  readonly failing: readonly string[];
}

/**
 * Makes every check. Anybody may ask as often as they like, so a check that costs somebody else something is wrapped in
 * `cacheFor`.
 */
export async function readinessBy(checks: ReadinessChecks, log: FastifyBaseLogger): Promise<Readiness> {
  const passed = await Promise.all(
    Object.entries(checks).map(([check, passesIt]) => passes(passesIt, log.child({ check }))),
  );
  const names = Object.keys(checks);
  const failing = names.filter((_, index) => passed[index] !== true);
  const result = {
    checks: Object.fromEntries(names.map((name) => [name, failing.includes(name) ? 'failing' : 'ok'])),
  };
  if (failing.length === 0) return { status: 200, envelope: successEnvelope(result), failing };
  const { code, status } = ERRORS.notReady;
  const envelope = failureEnvelope([{ code, message: `this server is not ready: ${failing.join(', ')}` }]);
  return { status, envelope: { ...envelope, result }, failing };
}

/** Whether the check passes; where it fails altogether, the log says why. */
export async function passes(check: ReadinessCheck, log: FastifyBaseLogger): Promise<boolean> {
  try {
    return await check(log);
  } catch (error) {
    const type = error instanceof Error ? error.name : typeof error;
    log.warn({ err: { type, code: codeOf(error) } }, 'a check of readiness failed');
    return false;
  }
}

/** Its own, or its cause's: `fetch` hides the code there. */
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error ? error.code : codeOf(error.cause);
}
