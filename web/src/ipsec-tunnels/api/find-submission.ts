import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { submissionPath } from '@tunnel-desk/shared/api/paths';
import { submissionOutcomeSchema } from '@tunnel-desk/shared/api/submissions';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { callApi } from '../../lib/api-client.ts';
import type { Found } from '../../submission/outcome-check.ts';

/**
 * What became of a submission, which the server looks into where it does not know; where it was done, `whenDone`
 * says with which result. Where another replica than the one that sent it responds, or one that has lost its data,
 * `lookMyself` looks at the account instead.
 */
export async function findSubmission<Result>(
  idempotencyKey: string,
  whenDone: (tunnel: IpsecTunnel | undefined) => Promise<Found<Result>> | Found<Result>,
  lookMyself: () => Promise<Found<Result>>,
): Promise<Found<Result>> {
  const response = await callApi(submissionPath(idempotencyKey));
  if (response.kind !== 'response') return { kind: 'failed' };
  if (response.envelope.errors[0]?.code === ERRORS.notFound.code) {
    return lookMyself().catch(() => ({ kind: 'failed' }));
  }
  const outcome = submissionOutcomeSchema.safeParse(response.envelope.result).data;
  switch (outcome?.kind) {
    case 'done':
      return whenDone(outcome.tunnel);
    case 'not-done':
      return { kind: 'not-done' };
    case 'unknown': {
      const { lookedAt, until, found } = outcome;
      return { kind: 'open', lookedAt: asDate(lookedAt), until: asDate(until), found };
    }
    default:
      return { kind: 'failed' };
  }
}

function asDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
