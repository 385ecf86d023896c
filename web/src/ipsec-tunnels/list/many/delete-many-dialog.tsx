// Deletes several tunnels, one after another. Loaded when it is first opened.

import { Button } from '@cloudflare/kumo/components/button';
import { useQueryClient } from '@tanstack/react-query';
import { deletedTunnelSchema, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useMemo, useState } from 'react';
import { useLeaveGuard } from '../../../forms/leave-guard.ts';
import { outcomesOf } from '../../../submission/many-outcomes.ts';
import { describe, ManyProgress, RunButtons } from '../../../submission/many-progress.tsx';
import { outcomeOf, type ResponseReader } from '../../../submission/outcome.ts';
import { type ManyTarget, MIN_INTERVAL_MS } from '../../../submission/run-many.ts';
import { useManyRun } from '../../../submission/use-many-run.ts';
import { Modal } from '../../../ui/modal.tsx';
import { deleteIpsecTunnel } from '../../api/change-ipsec-tunnel.ts';
import { findDelete } from '../../api/find-change.ts';
import { ipsecTunnelsQuery } from '../../api/list-ipsec-tunnels.ts';
import { ConfirmMany, isConfirmed } from './confirm-many.tsx';
import { ManyResults } from './many-results.tsx';
import { TunnelNames } from './tunnel-names.tsx';

export interface ManyDialogProps {
  readonly accountId: string;
  readonly tunnels: readonly IpsecTunnel[];
  readonly onClose: () => void;
}

type Deleted = 'deleted';

const READER: ResponseReader<Deleted> = {
  change: 'delete',
  read: (result) => (deletedTunnelSchema.safeParse(result).success ? 'deleted' : undefined),
  fieldOf: () => undefined,
};

function deleteTarget(accountId: string): ManyTarget<IpsecTunnel, Deleted> {
  return {
    async send({ id }, key) {
      // As the person saw them in the list: what changed since is in no version that they have opened.
      const response = await deleteIpsecTunnel({ accountId, tunnelId: id, etag: undefined }, key);
      return outcomeOf('send', response, READER);
    },
    find: ({ id }, idempotencyKey) => findDelete({ accountId, tunnelId: id, idempotencyKey }),
    resultOfFound: () => 'deleted',
  };
}

export function DeleteManyDialog({ accountId, tunnels, onClose }: ManyDialogProps) {
  const [typed, setTyped] = useState('');
  const { snapshot, start, ...run } = useManyRun<IpsecTunnel, Deleted>();
  const queries = useQueryClient();
  const isRunning = snapshot !== undefined && snapshot.phase.kind !== 'ended';
  const count = tunnels.length;
  useLeaveGuard(useMemo(() => ({ wouldLose: () => isRunning, question: STOP_QUESTION }), [isRunning]));

  const begin = () => start(tunnels, deleteTarget(accountId));
  const close = () => {
    if (isRunning && !window.confirm(STOP_QUESTION)) return;
    run.stop();
    if (snapshot !== undefined) void queries.invalidateQueries(ipsecTunnelsQuery(accountId));
    onClose();
  };

  if (snapshot === undefined) {
    return (
      <Modal
        title={`Delete ${counted(count)}?`}
        onClose={close}
        actions={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="destructive" disabled={!isConfirmed(typed, count)} onClick={begin}>
              Delete {counted(count)}
            </Button>
          </>
        }
      >
        <p>
          Their traffic stops at once, and static routes through them stop working. They are deleted one after another,
          in about {describe(count * MIN_INTERVAL_MS)}.
        </p>
        <TunnelNames label="Tunnels to delete" tunnels={tunnels.map((tunnel) => ({ tunnel }))} />
        <ConfirmMany count={count} typed={typed} onType={setTyped} onConfirm={begin} />
      </Modal>
    );
  }
  const outcomes = outcomesOf(snapshot.entries);
  const hasEnded = !isRunning && outcomes.open.length === 0;
  return (
    <Modal
      title={hasEnded ? `${outcomes.done.length} of ${counted(count)} deleted` : `Deleting ${counted(count)}`}
      onClose={close}
      actions={
        isRunning ? (
          <RunButtons phase={snapshot.phase} {...run} />
        ) : (
          <Button variant="primary" onClick={close}>
            Close
          </Button>
        )
      }
    >
      <ManyProgress snapshot={snapshot} outcomes={outcomes} participle="deleted" />
      <ManyResults
        outcomes={outcomes}
        done={hasEnded ? outcomes.done.map(({ item }) => item) : []}
        participle="deleted"
      />
    </Modal>
  );
}

const STOP_QUESTION = 'Stop deleting? The one under way still ends; the rest stays as it is.';

function counted(count: number): string {
  return count === 1 ? '1 tunnel' : `${count} tunnels`;
}
