import { signInPath } from '@tunnel-desk/shared/api/paths';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { leaveFor } from '../../forms/leave-guard.ts';
import { FailureSummary } from '../../submission/failure-summary.tsx';
import { findGenerated, findUpdate } from '../api/find-change.ts';
import { TUNNEL_FORM } from '../form/fields.ts';
import type { NewKey } from './use-new-key.ts';

export interface NewKeyFailureProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
  readonly state: NewKey;
  readonly onRetry: () => void;
  /** Called when it turns out that a key was generated, which nobody can see any more. */
  readonly onLost: () => void;
  /** Called when it turns out that the key was set. */
  readonly onSet: () => void;
}

/** Why the key was not set, or that it is not known; nothing while nothing has failed. */
export function NewKeyFailure({ accountId, tunnel, state, onRetry, onLost, onSet }: NewKeyFailureProps) {
  const { generating, setting, unread } = state;
  const common = {
    noun: 'tunnel',
    name: tunnel.name,
    linkTo: (field: string) => new Map(Object.entries(TUNNEL_FORM.fields)).get(field)?.label ?? field,
    onRetry,
    onSignIn: () => leaveFor(signInPath(window.location.pathname + window.location.search)),
  };
  const sent = (idempotencyKey: string) => ({ accountId, tunnelId: tunnel.id, idempotencyKey });
  if (unread !== undefined) {
    return (
      <p role="alert" className="rounded-lg bg-kumo-danger-tint px-4 py-3 text-kumo-danger text-sm">
        {unread === 'gone'
          ? 'Somebody deleted this tunnel. Nothing was changed.'
          : "The tunnel can't be read just now, so nothing was sent. Nothing was changed. Try again in a moment."}
      </p>
    );
  }
  if (generating.last?.outcome.kind === 'failed') {
    const { outcome, action, at, key } = generating.last;
    const find = async () => {
      const found = await findGenerated(sent(key));
      if (found.kind === 'done') onLost();
      return found;
    };
    return (
      <FailureSummary
        key={at.getTime()}
        {...common}
        {...{ action, at, find }}
        failure={outcome}
        change="generate-psk"
        fieldErrors={outcome.fieldErrors}
        goOn="Go on"
        onFound={onLost}
        onKnown={generating.settle}
      />
    );
  }
  if (setting.last?.outcome.kind === 'failed') {
    const { outcome, action, at, key } = setting.last;
    return (
      <FailureSummary
        key={at.getTime()}
        {...common}
        {...{ action, at }}
        failure={outcome}
        change="update"
        fieldErrors={outcome.fieldErrors}
        // No tunnel tells its key: only the desk's record says whether it was set.
        find={() => findUpdate(sent(key), () => false)}
        goOn="Close"
        onFound={onSet}
        onKnown={setting.settle}
      />
    );
  }
  return null;
}
