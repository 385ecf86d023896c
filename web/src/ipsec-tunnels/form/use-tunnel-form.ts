// The form of a tunnel, of a new one or of one there is: its rules, and the advice by the account's other tunnels.

import { useQuery } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useMemo } from 'react';
import { valuesFrom } from '../../forms/fields.ts';
import { type LiveForm, useLiveForm } from '../../forms/use-live-form.ts';
import { TUNNEL_FORM, type TunnelFormValues } from './fields.ts';
import { type TunnelRules, tunnelRules } from './rules.ts';
import { type KnownAccount, useAdvice } from './use-advice.ts';

export interface TunnelFormOptions {
  readonly session: Session;
  /** Empty while none is chosen. */
  readonly accountId: string;
  /** The tunnel that is edited; absent for a new one. */
  readonly edited?: IpsecTunnel | undefined;
  readonly initial: TunnelFormValues;
  /** What is sent of the values, where that is not the request that creates them; kept while it stays the same. */
  readonly requestOf?: ((values: TunnelFormValues) => Readonly<Record<string, unknown>>) | undefined;
  readonly isReadOnly: boolean;
}

export interface TunnelFormState {
  readonly liveForm: LiveForm<CreateIpsecTunnelRequest>;
  /** What is known of the account. */
  readonly known: KnownAccount;
  readonly rules: TunnelRules;
}

export function useTunnelForm(options: TunnelFormOptions): TunnelFormState {
  const { session, accountId, edited, initial, requestOf, isReadOnly } = options;
  const known = useAdvice(session, accountId, edited?.id);
  const { advice } = known;
  const keepsKey = edited?.psk_metadata?.last_generated_on !== undefined;
  // As the advice, which is not needed for the first look at the form either.
  const { data: deviceAndPair } = useQuery({
    queryKey: ['device-and-pair'],
    queryFn: () => import('./device-and-pair.ts'),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: edited === undefined,
  });
  const rules = useMemo(
    () => tunnelRules({ accountId, rules: session.rules, advice, keepsKey, deviceAndPair }),
    [accountId, session, advice, keepsKey, deviceAndPair],
  );
  const liveForm = useLiveForm({
    definition: TUNNEL_FORM,
    context: useMemo(() => ({ accountId }), [accountId]),
    rules,
    initial,
    parse: rules.parse,
    requestOf,
    isReadOnly,
  });
  return { liveForm, known, rules };
}

/** The values of the form library as the form's own. */
export function readValues(values: Readonly<Record<string, unknown>>): TunnelFormValues {
  return valuesFrom(TUNNEL_FORM.fields, (name) => values[name]);
}
