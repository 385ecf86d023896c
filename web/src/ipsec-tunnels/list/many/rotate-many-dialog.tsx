// Has Cloudflare generate new keys for several tunnels, and shows them once. Loaded when it is first opened.
//
// The keys are in the memory of this dialog alone: not in the query cache, not in any storage, gone when it closes.

import { Button } from '@cloudflare/kumo/components/button';
import { useQueryClient } from '@tanstack/react-query';
import { generatedPskSchema, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useMemo, useState } from 'react';
import { useLeaveGuard } from '../../../forms/leave-guard.ts';
import { outcomesOf } from '../../../submission/many-outcomes.ts';
import { describe, ManyProgress, RunButtons } from '../../../submission/many-progress.tsx';
import { outcomeOf, type ResponseReader } from '../../../submission/outcome.ts';
import { type ManyTarget, MIN_INTERVAL_MS } from '../../../submission/run-many.ts';
import { useManyRun } from '../../../submission/use-many-run.ts';
import { Modal } from '../../../ui/modal.tsx';
import { generatePsk } from '../../api/change-ipsec-tunnel.ts';
import { findGenerated } from '../../api/find-change.ts';
import { ipsecTunnelsQuery } from '../../api/list-ipsec-tunnels.ts';
import { forgetKey } from '../../detail/created-tunnel.ts';
import { ConfirmMany, isConfirmed } from './confirm-many.tsx';
import type { ManyDialogProps } from './delete-many-dialog.tsx';
import { ManyResults } from './many-results.tsx';
import { type NewKey, NewKeys } from './new-keys.tsx';
import { TunnelNames } from './tunnel-names.tsx';

const READER: ResponseReader<string> = {
  change: 'generate-psk',
  read: (result) => generatedPskSchema.safeParse(result).data?.psk,
  fieldOf: () => undefined,
};

function rotateTarget(accountId: string): ManyTarget<IpsecTunnel, string> {
  return {
    async send({ id }, key) {
      const outcome = outcomeOf('send', await generatePsk({ accountId, tunnelId: id }, key), READER);
      // The key that this tab may hold of it is not the one that works any more.
      if (outcome.kind !== 'failed') forgetKey(id);
      return outcome;
    },
    find: ({ id }, idempotencyKey) => findGenerated({ accountId, tunnelId: id, idempotencyKey }),
    // The key was in the response that was lost.
    resultOfFound: () => undefined,
  };
}

export function RotateManyDialog({ accountId, tunnels, onClose }: ManyDialogProps) {
  const [typed, setTyped] = useState('');
  const [earlier, setEarlier] = useState<readonly NewKey[]>([]);
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const { snapshot, start, ...run } = useManyRun<IpsecTunnel, string>();
  const queries = useQueryClient();
  const outcomes = useMemo(() => outcomesOf(snapshot?.entries ?? []), [snapshot]);
  const keys = useMemo(
    () => [...earlier, ...outcomes.done.map(({ item, result }): NewKey => ({ tunnel: item, psk: result }))],
    [earlier, outcomes],
  );
  const isRunning = snapshot !== undefined && snapshot.phase.kind !== 'ended';
  const isUntaken = keys.some(({ tunnel }) => !taken.has(tunnel.id));
  const question = isRunning ? STOP_QUESTION : LOSE_QUESTION;
  const wouldLose = isRunning || isUntaken;
  useLeaveGuard(useMemo(() => ({ wouldLose: () => wouldLose, question }), [wouldLose, question]));

  const begin = (items: readonly IpsecTunnel[]) => {
    setEarlier(keys);
    start(items, rotateTarget(accountId));
  };
  const close = () => {
    if (wouldLose && !window.confirm(question)) return;
    if (isRunning) return run.stop();
    if (snapshot !== undefined) void queries.invalidateQueries(ipsecTunnelsQuery(accountId));
    onClose();
  };

  if (snapshot === undefined) {
    return (
      <Modal
        title={`Rotate the keys of ${counted(tunnels.length)}?`}
        onClose={close}
        actions={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="destructive" disabled={!isConfirmed(typed, tunnels.length)} onClick={() => begin(tunnels)}>
              Rotate {counted(tunnels.length, 'key')}
            </Button>
          </>
        }
      >
        <p className="rounded-lg bg-kumo-warning-tint px-3 py-2">
          Each tunnel's traffic stops at its next re-authentication, until its router has the new key. The keys are
          shown here once.
        </p>
        <p>
          Cloudflare generates them one after another, in about {describe(tunnels.length * MIN_INTERVAL_MS)}. A key that
          works now is replaced at once.
        </p>
        <TunnelNames label="Tunnels that get a new key" tunnels={tunnels.map((tunnel) => ({ tunnel }))} />
        <ConfirmMany count={tunnels.length} typed={typed} onType={setTyped} onConfirm={() => begin(tunnels)} />
      </Modal>
    );
  }
  const take = (...ids: readonly string[]) => setTaken((before) => new Set([...before, ...ids]));
  const hasEnded = !isRunning && outcomes.open.length === 0;
  return (
    <Modal
      title={hasEnded ? `${counted(keys.length, 'new key')}` : `Rotating ${counted(snapshot.entries.length, 'key')}`}
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
      <ManyProgress snapshot={snapshot} outcomes={outcomes} participle="rotated" />
      <ManyResults
        outcomes={outcomes}
        done={[]}
        participle="rotated"
        lostNote={
          <div className="flex flex-col items-start gap-2">
            <p>A new key was generated, and nobody can see it any more. Generate another.</p>
            {hasEnded && (
              <Button onClick={() => begin(outcomes.lost)}>Generate another for {counted(outcomes.lost.length)}</Button>
            )}
          </div>
        }
      />
      {keys.length > 0 && <NewKeys keys={keys} taken={taken} onTaken={take} />}
    </Modal>
  );
}

const STOP_QUESTION = 'Stop rotating keys? The one under way still ends; the rest keep their keys.';
const LOSE_QUESTION =
  'Close this? You have neither copied, revealed nor downloaded all of the new keys. Nobody can show them again.';

function counted(count: number, noun = 'tunnel'): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
