// The two ways to give a tunnel another key: have Cloudflare generate one, or send one with an update.

import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { generatedPskSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useState } from 'react';
import type { ResponseReader } from '../../submission/outcome.ts';
import { type SubmissionState, useSubmission } from '../../submission/use-submission.ts';
import { generatePsk, updateIpsecTunnel } from '../api/change-ipsec-tunnel.ts';
import { getIpsecTunnel, type TunnelVersion } from '../api/get-ipsec-tunnel.ts';
import { type Updated, updateReader } from '../edit/update-reader.ts';
import { tunnelUpdateRequest, valuesOfTunnel } from '../form/tunnel-update.ts';

export interface NewKey {
  readonly generating: SubmissionState<undefined, string>;
  readonly setting: SubmissionState<object, Updated>;
  /** Why the tunnel could not be read, which must come before a key is sent. */
  readonly unread: 'gone' | 'failed' | undefined;
  /** Whether something is under way. */
  readonly isRunning: boolean;
  /** Has Cloudflare generate a key; resolves to it, or to nothing where that has failed. */
  generate(): Promise<string | undefined>;
  /** Sends the tunnel as it is now with this key; resolves to whether it was set. */
  set(psk: string): Promise<boolean>;
}

const generatedReader: ResponseReader<string> = {
  change: 'generate-psk',
  read: (result) => generatedPskSchema.safeParse(result).data?.psk,
  fieldOf: () => undefined,
};

/** How often a tunnel that changes at the same moment is read anew: the key goes on top of whatever it is. */
const MAX_TRIES = 3;

export function useNewKey(accountId: string, tunnelId: string): NewKey {
  const generating = useSubmission<undefined, string>(`generate-psk ${tunnelId}`);
  const setting = useSubmission<object, Updated>(`set-psk ${tunnelId}`);
  const [unread, setUnread] = useState<NewKey['unread']>();
  const [isReading, setIsReading] = useState(false);

  async function generate() {
    setting.clear();
    const target = {
      send: (_: undefined, key: string) => generatePsk({ accountId, tunnelId }, key),
      ...generatedReader,
    };
    const outcome = (await generating.send('send', target, undefined, 0))?.outcome;
    return outcome?.kind === 'done' ? outcome.result : undefined;
  }

  async function set(psk: string) {
    generating.clear();
    for (let tries = 1; ; tries++) {
      const version = await readNow();
      if (version === undefined) return false;
      const { tunnel, etag } = version;
      const values = { ...valuesOfTunnel(tunnel, { accountId }), pskSource: 'own' as const, psk };
      const request = tunnelUpdateRequest(tunnel, values, { accountId });
      const target = {
        send: (body: object, key: string) => updateIpsecTunnel({ accountId, tunnelId, etag }, body, key),
        ...updateReader,
      };
      const outcome = (await setting.send('send', target, request, 0))?.outcome;
      if (outcome?.kind === 'done') return true;
      const isOther = outcome?.kind === 'failed' && outcome.code === ERRORS.changedSince.code;
      if (!isOther || tries === MAX_TRIES) return false;
    }
  }

  async function readNow(): Promise<TunnelVersion | undefined> {
    setUnread(undefined);
    setIsReading(true);
    const version = await getIpsecTunnel(accountId, tunnelId).catch(() => undefined);
    setIsReading(false);
    if (version === undefined) setUnread('failed');
    if (version === null) setUnread('gone');
    return version ?? undefined;
  }

  const isRunning = isReading || generating.running !== undefined || setting.running !== undefined;
  return { generating, setting, unread, isRunning, generate, set };
}
