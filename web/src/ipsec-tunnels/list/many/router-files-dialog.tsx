// The configurations of the routers of several tunnels, in one archive. Loaded when it is first opened.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { KeptRouterSettings } from '@tunnel-desk/shared/routers/settings';
import { useState } from 'react';
import { LiveFormContext } from '../../../forms/use-live-form.ts';
import { Modal } from '../../../ui/modal.tsx';
import { ipsecTunnelsQuery } from '../../api/list-ipsec-tunnels.ts';
import { routerSettingsQuery } from '../../api/list-router-settings.ts';
import { lastKind } from '../../router/last-kind.ts';
import { readableSettings, untouchedSettings } from '../../router/router-fields.ts';
import { issuesOfRequest } from '../../router/router-rules.ts';
import { SettingsFields } from '../../router/settings-fields.tsx';
import { makeSeveral, routersOf } from '../../router/several-routers.ts';
import { useRouterForm } from '../../router/use-router-form.ts';
import { TunnelNames } from './tunnel-names.tsx';

export interface RouterFilesDialogProps {
  readonly session: Session;
  readonly accountId: string;
  readonly tunnels: readonly IpsecTunnel[];
  /** By the ID of either tunnel, the other one that was made for the same router. */
  readonly pairs?: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

export function RouterFilesDialog(props: RouterFilesDialogProps) {
  const { data: kept } = useQuery(routerSettingsQuery(props.accountId));
  if (kept === undefined) {
    return (
      <Modal title={TITLE} onClose={props.onClose} actions={<Button onClick={props.onClose}>Cancel</Button>}>
        <p role="status">Loading…</p>
      </Modal>
    );
  }
  return <RouterFiles {...props} kept={kept ?? []} isKeptUnknown={kept === null} />;
}

const TITLE = 'Router configurations';

interface RouterFilesProps extends RouterFilesDialogProps {
  readonly kept: readonly KeptRouterSettings[];
  readonly isKeptUnknown: boolean;
}

function RouterFiles({ session, accountId, tunnels, pairs, onClose, kept, isKeptUnknown }: RouterFilesProps) {
  const person = session.person.name;
  const { data: all } = useQuery(ipsecTunnelsQuery(accountId));
  const routers = routersOf(tunnels, [...tunnels, ...(all ?? [])], kept, pairs);
  const unkept = routers.filter(({ settings }) => settings === undefined);
  const [example] = useState(() => unkept[0]?.tunnels[0] ?? {});
  const { liveForm, request } = useRouterForm(untouchedSettings(lastKind(person) ?? 'linux', example));
  const [isFailed, setIsFailed] = useState(false);
  const isMissing = unkept.length > 0 && issuesOfRequest(request).length > 0;
  const otherwise = isMissing ? undefined : readableSettings(request, example);
  const make = (at: Date) => makeSeveral(routers, otherwise, { accountId, deskVersion: session.version, at });
  const { folders, missing } = make(new Date(0));
  const count = folders.length;

  const save = async () => {
    setIsFailed(false);
    try {
      const { saveZip } = await import('../../router/zip-files.ts');
      const at = new Date();
      saveZip('router-configurations', make(at).folders, at);
      onClose();
    } catch {
      setIsFailed(true);
    }
  };
  return (
    <Modal
      title={TITLE}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={count === 0} onClick={() => void save()}>
            {count === 0 ? 'Download' : `Download ${count === 1 ? '1 configuration' : `${count} configurations`}`}
          </Button>
        </>
      }
    >
      <p className="text-sm">
        One archive with a folder for each router. It holds the MD5 keys of BGP, but no pre-shared keys: only a tunnel's
        own page writes those into files.
      </p>
      {isKeptUnknown && (
        <p role="status" className="text-kumo-warning text-sm">
          What was entered for these tunnels before can't be read just now.
        </p>
      )}
      {unkept.length > 0 && (
        <LiveFormContext value={liveForm}>
          <p className="text-sm">{whomFor(unkept.length, routers.length)}</p>
          <SettingsFields person={person} partners={[]} />
        </LiveFormContext>
      )}
      <p role="status" className="text-sm">
        {isMissing && `${counted(unkept.length)} left out until everything asked for here is entered and valid.`}
      </p>
      {missing.length > 0 && (
        <div className="flex flex-col gap-1.5">
          <p className="font-medium text-sm">No configuration can be made for:</p>
          <TunnelNames label="Tunnels without a configuration" tunnels={missing} />
        </div>
      )}
      <p role="alert" className="text-kumo-danger text-sm empty:hidden">
        {isFailed && "The archive can't be made just now. Try again."}
      </p>
    </Modal>
  );
}

function whomFor(unkept: number, all: number): string {
  const rest =
    unkept === all
      ? 'Nothing has been entered for these tunnels yet.'
      : `${all - unkept} of ${all} routers use what was entered for them.`;
  return `${rest} What you enter here applies to ${unkept === all ? 'all of them' : 'the others'}, and is not kept.`;
}

function counted(routers: number): string {
  return routers === 1 ? '1 router is' : `${routers} routers are`;
}
