// The advice on a tunnel's fields, by good practice and by the account's other tunnels.

import type { Session } from '@tunnel-desk/shared/api/session';
import { type Advisory, adviseOnField, fieldsAdvisedBy } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import { indexTunnels } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

export interface AdviceOptions {
  readonly interfaceAddressRules: Session['rules']['interfaceAddressRules'];
  /** The anycast addresses this desk was told of; empty when it was told none. */
  readonly cloudflareEndpoints: readonly string[];
  /** The account's other tunnels, as far as they are known. */
  readonly otherTunnels: readonly IpsecTunnel[];
}

export interface Advice {
  on(field: IpsecTunnelField, request: Readonly<Record<string, unknown>>): Advisory[];
  /** The fields whose advice depends on the value of this one. */
  dependentsOf(field: IpsecTunnelField): IpsecTunnelField[];
}

/** Builds an index of the other tunnels: call it once per list. */
export function createAdvice({ otherTunnels, ...known }: AdviceOptions): Advice {
  const context = { ...known, otherTunnels: indexTunnels(otherTunnels) };
  return {
    on: (field, request) => adviseOnField(field, request, context),
    dependentsOf: fieldsAdvisedBy,
  };
}
