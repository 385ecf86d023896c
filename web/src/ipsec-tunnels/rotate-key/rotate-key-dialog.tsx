// Gives a tunnel another pre-shared key: made by Cloudflare, made here, or typed. It is shown once, and kept nowhere.

import { Button } from '@cloudflare/kumo/components/button';
import { Loader } from '@cloudflare/kumo/components/loader';
import { WarningIcon } from '@phosphor-icons/react';
import { useQueryClient } from '@tanstack/react-query';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { hasPreSharedKey, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useEffect, useState } from 'react';
import { FocusedAlert } from '../../ui/focused-alert.tsx';
import { Modal } from '../../ui/modal.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { ipsecTunnelQuery } from '../api/get-ipsec-tunnel.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { forgetKey, holdKey } from '../detail/created-tunnel.ts';
import { generatePreSharedKey } from '../form/generate-pre-shared-key.ts';
import { KeySource, type NewKeySource } from './key-source.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { NewKeyFailure } from './new-key-failure.tsx';
import { useNewKey } from './use-new-key.ts';

export interface RotateKeyDialogProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
  readonly onClose: () => void;
}

export function RotateKeyDialog({ accountId, tunnel, onClose }: RotateKeyDialogProps) {
  const [source, setSource] = useState<NewKeySource>('cloudflare');
  const [ownKey, setOwnKey] = useState('');
  const [browserKey] = useState(generatePreSharedKey);
  const [isBrowserKeyTaken, setIsBrowserKeyTaken] = useState(false);
  const [isMissed, setIsMissed] = useState(false);
  /** The key that was set, to be shown once. */
  const [newKey, setNewKey] = useState<string>();
  /** Whether a key was generated that nobody can see. */
  const [isLost, setIsLost] = useState(false);
  const queries = useQueryClient();
  const newKeyState = useNewKey(accountId, tunnel.id);
  const { generating, isRunning, generate, set } = newKeyState;
  const hadKey = hasPreSharedKey(tunnel);
  const failure = generating.last?.outcome;
  const isKeyLost = isLost || (failure?.kind === 'failed' && failure.code === ERRORS.keyNotShown.code);

  useEffect(() => {
    if (isKeyLost) forgetKey(tunnel.id);
  }, [isKeyLost, tunnel.id]);
  const showNew = () => {
    void queries.invalidateQueries(ipsecTunnelQuery(accountId, tunnel.id));
    void queries.invalidateQueries(ipsecTunnelsQuery(accountId));
    void queries.invalidateQueries({ queryKey: ['audit'] });
  };
  const submit = async () => {
    if (isRunning) return;
    if (source === 'own' && ownKey === '') {
      setIsMissed(true);
      return;
    }
    setIsLost(false);
    const chosen = source === 'own' ? ownKey : browserKey;
    const key = source === 'cloudflare' ? await generate() : (await set(chosen)) && chosen;
    // A generation whose response was lost may have replaced the key too.
    showNew();
    if (!key) return;
    // For the files of the router. The dialog asks before it closes on a key that nobody took; the page need not again.
    holdKey(tunnel.id, key, 'own');
    setNewKey(key);
  };

  if (newKey !== undefined) {
    // One that was typed is the person's already.
    const isTaken = source === 'own' || (source === 'browser' && isBrowserKeyTaken);
    return (
      <NewKeyDialog tunnel={tunnel} secret={newKey} wasTyped={source === 'own'} isTaken={isTaken} onClose={onClose} />
    );
  }
  const close = () => {
    if (!isRunning) onClose();
  };
  return (
    <Modal
      title={
        <>
          {hadKey ? 'Rotate the key of ' : 'Set a key for '}
          <VisibleText text={tunnel.name} />
        </>
      }
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            variant={hadKey ? 'destructive' : 'primary'}
            aria-disabled={isRunning}
            icon={isRunning ? <Loader size={16} /> : undefined}
            onClick={() => void submit()}
          >
            {buttonWords(isRunning, hadKey, isKeyLost && source === 'cloudflare')}
          </Button>
        </>
      }
    >
      {isLost ? (
        <LostKey />
      ) : (
        <NewKeyFailure
          accountId={accountId}
          tunnel={tunnel}
          state={newKeyState}
          onRetry={() => void submit()}
          onLost={() => {
            setIsLost(true);
            showNew();
          }}
          onSet={onClose}
        />
      )}
      {hadKey ? (
        <p className="flex items-start gap-2 rounded-lg bg-kumo-warning-tint px-3 py-2 text-kumo-warning text-sm">
          <WarningIcon aria-hidden className="mt-0.5 size-4 shrink-0" weight="fill" />
          Its present key stops working. Traffic stops at the next re-authentication until the router has the new key.
        </p>
      ) : (
        <p className="text-sm">The tunnel has no key, and carries no traffic. Nothing is interrupted.</p>
      )}
      <KeySource
        source={source}
        onSource={(next) => {
          if (!isRunning) setSource(next);
          setIsMissed(false);
        }}
        browserKey={browserKey}
        onBrowserKeyTaken={() => setIsBrowserKeyTaken(true)}
        ownKey={ownKey}
        onOwnKey={setOwnKey}
        isMissed={isMissed}
        readOnly={isRunning}
      />
    </Modal>
  );
}

function buttonWords(isRunning: boolean, hadKey: boolean, isAnother: boolean): string {
  if (isRunning) return 'Setting the key…';
  if (isAnother) return 'Generate another key';
  return hadKey ? 'Replace the key' : 'Set the key';
}

function LostKey() {
  return (
    <FocusedAlert className="gap-1 bg-kumo-danger-tint text-kumo-danger">
      <h2 className="font-semibold">{ERRORS.keyNotShown.title}</h2>
      <p className="text-sm">The key that the router has no longer counts. {ERRORS.keyNotShown.whatNow}</p>
    </FocusedAlert>
  );
}
