// Looking whether a tunnel is there, after a create whose outcome is unknown.

import { useQuery } from '@tanstack/react-query';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useState } from 'react';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { useTunnelForm } from './form-context.tsx';

export type TunnelCheck = { readonly at: Date } & (
  | { readonly kind: 'found'; readonly tunnel: IpsecTunnel }
  | { readonly kind: 'absent' }
  /** The account's tunnels could not be listed. */
  | { readonly kind: 'failed' }
);

export interface TunnelChecking {
  /** The name that is looked for. */
  readonly name: string;
  readonly last: TunnelCheck | undefined;
  readonly isChecking: boolean;
  check(): Promise<void>;
}

/** Looks for what the form held when this began, whatever it says by now. */
export function useTunnelCheck(): TunnelChecking {
  const { form } = useTunnelForm();
  const [submitted] = useState(() => form.getValues());
  const name = submitted.name.trim();
  const interfaceAddress = submitted.interface_address.trim();
  const { isFetching, refetch } = useQuery({ ...ipsecTunnelsQuery(submitted.account_id), enabled: false });
  const [last, setLast] = useState<TunnelCheck>();

  async function check() {
    const { data: tunnels, isError } = await refetch();
    const at = new Date();
    if (isError || tunnels === undefined) return setLast({ at, kind: 'failed' });
    const tunnel = tunnels.find((each) => each.name === name && each.interface_address === interfaceAddress);
    return setLast(tunnel ? { at, kind: 'found', tunnel } : { at, kind: 'absent' });
  }

  return { name, last, isChecking: isFetching, check };
}
