// What was done to the tunnel elsewhere: field by field, with what can be done about it.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import type { DriftedTunnel } from '@tunnel-desk/shared/api/drift';
import type { SessionAccount } from '@tunnel-desk/shared/api/session';
import { useId } from 'react';
import { useLocation } from 'wouter';
import { editTunnelPath } from '../../app/paths.ts';
import { Card } from '../../ui/card.tsx';
import { Time } from '../../ui/time.tsx';
import { driftQuery } from '../api/drift.ts';
import { AcceptOutcomeNote, KnownAs } from '../drift/accept-outcome.tsx';
import type { ListedDrift } from '../drift/drift-by-id.ts';
import { driftInWords, restoreStateOf } from '../drift/drifted-values.ts';
import { useAcceptDrift } from '../drift/use-accept-drift.ts';
import { DRIFT_WORDS } from '../drift/words.ts';
import { OldAndNew } from '../form/old-and-new.tsx';

export interface ChangedElsewhereProps {
  readonly account: SessionAccount;
  readonly tunnelId: string;
}

/** Nothing where the tunnel is as this desk knows it. */
export function ChangedElsewhere({ account, tunnelId }: ChangedElsewhereProps) {
  const { data, isError } = useQuery(driftQuery(account.id));
  const { running, last, accept } = useAcceptDrift(account.id);
  const drift = data?.tunnels.find((told) => told.tunnelId === tunnelId);
  return (
    <>
      {isError && data === undefined && (
        <p className="text-kumo-subtle text-sm">
          Whether this tunnel was changed elsewhere is not known: it could not be read. The rest works.
        </p>
      )}
      <AcceptOutcomeNote last={last} />
      {drift && drift.kind !== 'deleted' && (
        <Card title={DRIFT_WORDS[drift.kind]}>
          <WhatWasDone drift={drift} accountId={account.id} />
          <Actions
            account={account}
            drift={drift}
            isAccepting={running !== undefined}
            onAccept={() => void accept(drift)}
          />
        </Card>
      )}
    </>
  );
}

/** Of a tunnel that there is. */
type FoundDrift = Exclude<DriftedTunnel, { kind: 'deleted' }>;

interface WhatWasDoneProps {
  readonly accountId: string;
  readonly drift: FoundDrift;
}

function WhatWasDone({ accountId, drift }: WhatWasDoneProps) {
  if (drift.kind === 'made') {
    return (
      <p className="text-sm">
        This tunnel was not created at this desk
        {drift.createdOn && (
          <>
            : Cloudflare has it since <Time at={drift.createdOn} />
          </>
        )}
        .
      </p>
    );
  }
  return (
    <>
      <p className="text-sm [overflow-wrap:anywhere]">
        It is not as <KnownAs drift={drift} />.
        {drift.modifiedOn && (
          <>
            {' '}
            Cloudflare has it as last modified on <Time at={drift.modifiedOn} />.
          </>
        )}
      </p>
      <ul aria-label="What was changed elsewhere" className="flex flex-col gap-2 text-sm">
        {driftInWords(drift, { accountId }).map((change) => (
          <li key={change.field} className="[overflow-wrap:anywhere]">
            <p className="font-medium">{change.label}</p>
            <OldAndNew {...change} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface ActionsProps {
  readonly account: SessionAccount;
  readonly drift: FoundDrift;
  readonly isAccepting: boolean;
  readonly onAccept: () => void;
}

function Actions({ account, drift, isAccepting, onAccept }: ActionsProps) {
  const reasonId = useId();
  const [, navigate] = useLocation();
  const { id: accountId, mayChange } = account;
  const off = mayChange ? {} : { 'aria-disabled': true, 'aria-describedby': reasonId, className: OFF };
  const restore = () => {
    if (!mayChange || drift.kind !== 'changed') return;
    navigate(editTunnelPath(accountId, drift.tunnelId), { state: restoreStateOf(drift, { accountId }) });
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {drift.kind === 'changed' && (
          <Button {...off} onClick={restore}>
            Restore…
          </Button>
        )}
        <Button {...off} loading={isAccepting} onClick={() => mayChange && !isAccepting && onAccept()}>
          Accept
        </Button>
      </div>
      <p id={reasonId} className="text-kumo-subtle text-sm">
        {mayChange ? WHAT_THEY_DO[drift.kind] : 'To accept or restore it takes the operator role.'}
      </p>
    </div>
  );
}

const WHAT_THEY_DO: Readonly<Record<ListedDrift, string>> = {
  changed:
    'Restore opens the form with the values of before, to look at and save. Accept changes nothing at Cloudflare: this desk takes the tunnel as it is for known.',
  made: 'Accept changes nothing at Cloudflare: this desk takes the tunnel as it is for known.',
};
const OFF = 'cursor-not-allowed opacity-50';
