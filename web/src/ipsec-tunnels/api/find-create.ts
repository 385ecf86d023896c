import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { submissionPath } from '@tunnel-desk/shared/api/paths';
import { submissionOutcomeSchema } from '@tunnel-desk/shared/api/submissions';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { callApi } from '../../lib/api-client.ts';
import { queryClient } from '../../lib/query-client.ts';
import type { Found } from '../../submission/outcome-check.ts';
import { ipsecTunnelsQuery } from './list-ipsec-tunnels.ts';

/** A create that was sent. */
export interface SentCreate {
  readonly accountId: string;
  readonly idempotencyKey: string;
  readonly name: string;
  readonly interfaceAddress: string;
}

/**
 * What became of a create, which the server looks into where it does not know. Where another replica than the one that sent
 * it responds, or one that has lost its data, the account's list is searched instead.
 */
export async function findCreate(sent: SentCreate): Promise<Found<IpsecTunnel>> {
  const response = await callApi(submissionPath(sent.idempotencyKey));
  if (response.kind !== 'response') return { kind: 'failed' };
  if (response.envelope.errors[0]?.code === ERRORS.notFound.code) return findInList(sent);
  const outcome = submissionOutcomeSchema.safeParse(response.envelope.result).data;
  switch (outcome?.kind) {
    case 'done':
      return outcome.tunnel ? { kind: 'done', result: outcome.tunnel } : { kind: 'failed' };
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

async function findInList({ accountId, name, interfaceAddress }: SentCreate): Promise<Found<IpsecTunnel>> {
  try {
    const tunnels = await queryClient.fetchQuery({ ...ipsecTunnelsQuery(accountId), staleTime: 0 });
    const tunnel = tunnels.find((each) => each.name === name && each.interface_address === interfaceAddress);
    return tunnel ? { kind: 'listed', result: tunnel } : { kind: 'absent' };
  } catch {
    return { kind: 'failed' };
  }
}
