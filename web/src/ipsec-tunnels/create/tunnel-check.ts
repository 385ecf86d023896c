// Finding out what became of a create whose outcome is unknown.

import { useQuery } from '@tanstack/react-query';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useState } from 'react';
import { findCreate } from '../api/find-create.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { useTunnelForm } from './form-context.tsx';

export type TunnelCheck = { readonly at: Date } & (
  | { readonly kind: 'created'; readonly tunnel: IpsecTunnel }
  /** The desk has no record of the create, and the account has a tunnel like it by now. */
  | { readonly kind: 'listed'; readonly tunnel: IpsecTunnel }
  /** The desk knows the create, and that it came to nothing. */
  | { readonly kind: 'not-created' }
  /** The desk has no record of the create, and the account has no such tunnel by now. */
  | { readonly kind: 'absent' }
  /** It could not be checked. */
  | { readonly kind: 'failed' }
);

export interface TunnelChecking {
  /** The name that is looked for. */
  readonly name: string;
  readonly last: TunnelCheck | undefined;
  readonly isChecking: boolean;
  check(): Promise<TunnelCheck>;
}

/**
 * Asks the desk for the create of this key. Where another replica than the one that sent it answers, or one that has lost
 * its trail, the account's list is looked through for what the form held when this began. Calls `onKnown` once it is clear.
 */
export function useTunnelCheck(idempotencyKey: string, onKnown: () => void): TunnelChecking {
  const { form } = useTunnelForm();
  const [submitted] = useState(() => form.getValues());
  const name = submitted.name.trim();
  const interfaceAddress = submitted.interface_address.trim();
  const { refetch } = useQuery({ ...ipsecTunnelsQuery(submitted.account_id), enabled: false });
  const [last, setLast] = useState<TunnelCheck>();
  const [isChecking, setIsChecking] = useState(false);

  async function lookThroughList() {
    const { data: tunnels, isError } = await refetch();
    if (isError || tunnels === undefined) return { kind: 'failed' } as const;
    const tunnel = tunnels.find((each) => each.name === name && each.interface_address === interfaceAddress);
    return tunnel ? ({ kind: 'listed', tunnel } as const) : ({ kind: 'absent' } as const);
  }

  async function find() {
    try {
      const found = await findCreate(idempotencyKey);
      if (found.kind === 'none') return await lookThroughList();
      return found.kind === 'unknown' ? ({ kind: 'failed' } as const) : found;
    } catch {
      return { kind: 'failed' } as const;
    }
  }

  async function check() {
    setIsChecking(true);
    const found = await find();
    setIsChecking(false);
    const checked = { at: new Date(), ...found };
    setLast(checked);
    if (found.kind !== 'absent' && found.kind !== 'failed') onKnown();
    return checked;
  }

  return { name, last, isChecking, check };
}
