// GET /readyz: whether the desk can do its work now, by checks that its parts provide.

import { failureEnvelope, successEnvelope } from '@tunnel-desk/shared/api/envelope';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { READY_PATH } from '@tunnel-desk/shared/api/paths';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';

/** Whether something that the desk needs is available; it logs why not. Rejecting counts as no. */
export type ReadinessCheck = (log: FastifyBaseLogger) => Promise<boolean>;

/** By names for what is checked, which any unauthenticated client may read. */
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>;

/**
 * Responds 200 when every check passes, else 503, with the state of each as the result. Anybody may ask as often as they
 * like, so a check that costs somebody else something is wrapped in `cacheFor`.
 */
export function registerReadiness(app: FastifyInstance, checks: ReadinessChecks): void {
  app.get(READY_PATH, async (request, reply) => {
    const passed = await Promise.all(
      Object.entries(checks).map(([check, passesIt]) => passes(passesIt, request.log.child({ check }))),
    );
    const names = Object.keys(checks);
    const failing = names.filter((_, index) => passed[index] !== true);
    const result = {
      checks: Object.fromEntries(names.map((name) => [name, failing.includes(name) ? 'failing' : 'ok'])),
    };
    if (failing.length === 0) return successEnvelope(result);
    request.logDetails = { failing };
    const { code, status } = ERRORS.notReady;
    const envelope = failureEnvelope([{ code, message: `this server is not ready: ${failing.join(', ')}` }]);
    return reply.code(status).send({ ...envelope, result });
  });
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
