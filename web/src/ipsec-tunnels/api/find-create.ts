import { type CreateOutcome, createOutcomeSchema } from '@tunnel-desk/shared/api/creates';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { createOutcomePath } from '@tunnel-desk/shared/api/paths';
import { callApi } from '../../lib/api-client.ts';

/**
 * What became of the create that was sent under this key, which the server looks into where it does not know. `none` where
 * this server has no record of one. Throws where it does not say.
 */
export async function findCreate(idempotencyKey: string): Promise<CreateOutcome | { readonly kind: 'none' }> {
  const answer = await callApi(createOutcomePath(idempotencyKey));
  if (answer.kind !== 'answered') throw new Error('the desk did not say what became of the create');
  if (answer.envelope.errors[0]?.code === ERRORS.notFound.code) return { kind: 'none' };
  return createOutcomeSchema.parse(answer.envelope.result);
}
