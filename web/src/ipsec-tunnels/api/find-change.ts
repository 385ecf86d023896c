// What became of a change to a tunnel, where its own response did not tell.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { Found } from '../../submission/outcome-check.ts';
import { findSubmission } from './find-submission.ts';
import { getIpsecTunnel } from './get-ipsec-tunnel.ts';

export interface SentChange {
  readonly accountId: string;
  readonly tunnelId: string;
  readonly idempotencyKey: string;
}

/** Where the server has no record of the update, `isAsAsked` says whether the tunnel is as it was to become. */
export function findUpdate(sent: SentChange, isAsAsked: (tunnel: IpsecTunnel) => boolean): Promise<Found<IpsecTunnel>> {
  const readTunnel = async () => (await getIpsecTunnel(sent.accountId, sent.tunnelId))?.tunnel;
  return findSubmission<IpsecTunnel>(
    sent.idempotencyKey,
    async (told) => {
      const tunnel = told ?? (await readTunnel().catch(() => undefined));
      return tunnel === undefined ? { kind: 'failed' } : { kind: 'done', result: tunnel };
    },
    async () => {
      const tunnel = await readTunnel();
      return tunnel !== undefined && isAsAsked(tunnel) ? { kind: 'listed', result: tunnel } : { kind: 'absent' };
    },
  );
}

export function findDelete({ accountId, tunnelId, idempotencyKey }: SentChange): Promise<Found<'deleted'>> {
  return findSubmission<'deleted'>(
    idempotencyKey,
    () => ({ kind: 'done', result: 'deleted' }),
    async () =>
      (await getIpsecTunnel(accountId, tunnelId)) === null ? { kind: 'listed', result: 'deleted' } : { kind: 'absent' },
  );
}

/** That a key was generated; the key itself is gone with its response. */
export function findGenerated({ idempotencyKey }: SentChange): Promise<Found<'generated'>> {
  return findSubmission<'generated'>(
    idempotencyKey,
    () => ({ kind: 'done', result: 'generated' }),
    // The time of the last key would not say whose generation it was.
    async () => ({ kind: 'failed' }),
  );
}
