// Deletes a tunnel: says what stops, and has its name typed first.

import { Button } from '@cloudflare/kumo/components/button';
import { Loader } from '@cloudflare/kumo/components/loader';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { signInPath } from '@tunnel-desk/shared/api/paths';
import { deletedTunnelSchema, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { leaveFor } from '../../forms/leave-guard.ts';
import { FailureSummary } from '../../submission/failure-summary.tsx';
import type { ResponseReader } from '../../submission/outcome.ts';
import { useSubmission } from '../../submission/use-submission.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { deleteIpsecTunnel } from '../api/change-ipsec-tunnel.ts';
import { findDelete } from '../api/find-change.ts';
import { ipsecTunnelQuery, NO_SUCH_TUNNEL } from '../api/get-ipsec-tunnel.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { OldAndNew } from '../form/old-and-new.tsx';
import { changeInWords, tunnelChanges, valuesOfTunnel } from '../form/tunnel-update.ts';
import { WhatStops } from './what-stops.tsx';

export interface DeleteDialogProps {
  readonly accountId: string;
  /** The tunnel as the page shows it. */
  readonly tunnel: IpsecTunnel;
  readonly onClose: () => void;
  /** Called when it is gone. */
  readonly onDone: () => void;
}

const reader: ResponseReader<'deleted'> = {
  change: 'delete',
  read: (result) => (deletedTunnelSchema.safeParse(result).success ? 'deleted' : undefined),
  fieldOf: () => undefined,
};

export function DeleteDialog({ accountId, tunnel: given, onClose, onDone }: DeleteDialogProps) {
  // The page behind follows what changes, and then shows another one.
  const [shown] = useState(given);
  const tunnelId = shown.id;
  const query = useQuery({ ...ipsecTunnelQuery(accountId, tunnelId), refetchOnMount: 'always' });
  const { data: now, isFetchedAfterMount, isError } = query;
  const tunnel = now?.tunnel ?? shown;
  const { running, last, send, settle } = useSubmission<undefined, 'deleted'>(`delete ${tunnelId}`);
  const [typed, setTyped] = useState('');
  const [isMissed, setIsMissed] = useState(false);
  const queries = useQueryClient();
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);
  const isReady = isFetchedAfterMount && now !== undefined && !isError;
  const isNamed = typed.trim() === tunnel.name.trim();
  const isGone = isReady && now === null;

  const finish = () => {
    void queries.invalidateQueries(ipsecTunnelsQuery(accountId));
    void queries.invalidateQueries({ queryKey: ['audit'] });
    onClose();
    onDone();
  };
  const deleteNow = async () => {
    if (running !== undefined) return;
    setIsMissed(!isNamed);
    if (!isNamed) return;
    // Whoever types quickly confirms before the tunnel was read: that waits for it, and stops if something changed.
    const read = isReady ? query : await query.refetch({ cancelRefetch: false });
    // Where that fails, what is known of it is from before; and whoever cancels meanwhile deletes nothing.
    if (!isOpen.current || !read.isSuccess) return;
    const current = read.data;
    if (!current || (!isReady && changesBetween(accountId, shown, current.tunnel).length > 0)) return;
    const { etag } = current;
    const target = {
      send: (_: undefined, key: string) => deleteIpsecTunnel({ accountId, tunnelId, etag }, key),
      ...reader,
    };
    const submission = await send('send', target, undefined, 0);
    const outcome = submission?.outcome;
    if (outcome?.kind === 'done') finish();
    if (outcome?.kind === 'failed' && (outcome.code === ERRORS.changedSince.code || outcome.code === NO_SUCH_TUNNEL)) {
      await query.refetch();
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void deleteNow();
  };
  const close = () => {
    if (running === undefined) onClose();
  };

  if (isGone) {
    return (
      <Modal title="It is gone already" onClose={finish} actions={<Button onClick={finish}>Close</Button>}>
        <p className="[overflow-wrap:anywhere]">
          Somebody else deleted <VisibleText text={shown.name} />. Nothing was left to delete.
        </p>
      </Modal>
    );
  }
  return (
    <Modal
      title={
        <>
          Delete <VisibleText text={tunnel.name} />?
        </>
      }
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            variant="destructive"
            aria-disabled={running !== undefined || isError}
            icon={running ? <Loader size={16} /> : undefined}
            onClick={() => void deleteNow()}
          >
            {running ? 'Deleting…' : 'Delete tunnel'}
          </Button>
        </>
      }
    >
      {last?.outcome.kind === 'failed' && (
        <FailureSummary
          key={last.at.getTime()}
          failure={last.outcome}
          change="delete"
          action={last.action}
          at={last.at}
          noun="tunnel"
          name={tunnel.name}
          fieldErrors={last.outcome.fieldErrors}
          linkTo={(field) => field}
          onRetry={() => void deleteNow()}
          onSignIn={() => leaveFor(signInPath(window.location.pathname + window.location.search))}
          find={() => findDelete({ accountId, tunnelId, idempotencyKey: last.key })}
          goOn="Go on"
          onFound={finish}
          onKnown={settle}
        />
      )}
      {!isReady && !isError && (
        <p role="status" className="text-kumo-subtle text-sm">
          Reading the tunnel as it is now…
        </p>
      )}
      {isError && (
        <div role="alert" className="flex flex-col items-start gap-2 text-sm">
          <p>It can't be read just now, so it is not known what would be deleted.</p>
          <Button loading={query.isFetching} onClick={() => void query.refetch()}>
            Read it again
          </Button>
        </div>
      )}
      <ChangedMeanwhile accountId={accountId} shown={shown} tunnel={tunnel} />
      <WhatStops accountId={accountId} tunnel={tunnel} />
      <form noValidate onSubmit={submit}>
        <TextField
          id="delete-name"
          label="Name of the tunnel"
          explanation={
            <>
              Type <span className="font-mono text-kumo-default">{tunnel.name}</span> to confirm.
            </>
          }
          value={typed}
          onChange={(value) => {
            setTyped(value);
            setIsMissed(false);
          }}
          onBlur={() => undefined}
          readOnly={running !== undefined}
          errors={isMissed ? [{ message: `That is not its name. Type ${tunnel.name} to delete it.` }] : []}
          advisories={[]}
          actions={<CopyButton label="Copy name" text={tunnel.name} iconOnly />}
          mono
        />
      </form>
    </Modal>
  );
}

interface ChangedMeanwhileProps {
  readonly accountId: string;
  readonly shown: IpsecTunnel;
  readonly tunnel: IpsecTunnel;
}

/** What somebody else has changed since the page was shown on which the person decided to delete it. */
function ChangedMeanwhile({ accountId, shown, tunnel }: ChangedMeanwhileProps) {
  const changes = changesBetween(accountId, shown, tunnel);
  if (changes.length === 0) return null;
  return (
    <div role="status" className="rounded-lg px-3 py-2 text-sm ring ring-kumo-warning">
      <p className="font-medium text-kumo-warning">Somebody changed it since this page was shown:</p>
      <ul>
        {changes.map(changeInWords).map((change) => (
          <li key={change.field} className="flex flex-wrap gap-x-2 [overflow-wrap:anywhere]">
            <span className="font-medium">{change.label}:</span>
            <OldAndNew {...change} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function changesBetween(accountId: string, before: IpsecTunnel, after: IpsecTunnel) {
  const context = { accountId };
  return tunnelChanges(valuesOfTunnel(before, context), valuesOfTunnel(after, context), context);
}
