// What is known of a tunnel's fields beyond their schemas: the advice on them by good practice and by the account's other
// tunnels, and the values that those leave to choose from.

import type { Session } from '@tunnel-desk/shared/api/session';
import { cidr } from '@tunnel-desk/shared/ip/cidr';
import { type Advisory, adviseOnField, fieldsAdvisedBy } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import { indexTunnels, type Neighbour } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { endpointChoices } from '@tunnel-desk/shared/ipsec-tunnels/endpoint-choices';
import {
  type AddressHolder,
  type FreeSubnet,
  lowestFreeInBlockUsedMost,
  lowestFreeSubnet,
} from '@tunnel-desk/shared/ipsec-tunnels/free-addresses';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

export interface AdviceOptions {
  readonly interfaceAddressRules: Session['rules']['interfaceAddressRules'];
  /** Where a free interface address is looked for; in the block used most when absent. */
  readonly interfaceAddressPool?: readonly string[] | undefined;
  /** The anycast addresses this desk was told of; empty when it was told none. */
  readonly cloudflareEndpoints: readonly string[];
  /** The account's tunnels, as far as they are known. */
  readonly otherTunnels: readonly IpsecTunnel[];
  /** Its GRE tunnels and interconnects, as far as they are known. */
  readonly neighbours?: readonly Neighbour[] | undefined;
  /** The ID of the tunnel that is edited: it is no other tunnel. */
  readonly except?: string | undefined;
}

export interface Advice {
  on(field: IpsecTunnelField, request: Readonly<Record<string, unknown>>): Advisory[];
  /** The fields whose advice depends on the value of this one. */
  dependentsOf(field: IpsecTunnelField): IpsecTunnelField[];
  /** The Cloudflare endpoints to choose from, the one of most tunnels first. */
  readonly cloudflareEndpoints: readonly string[];
  /** The lowest interface subnet that none of the known tunnels, and none of these, has an address of. */
  findFreeSubnet(taken?: readonly AddressHolder[]): FreeSubnet;
}

/** Builds an index of the other tunnels: call it once per list. */
export function createAdvice(options: AdviceOptions): Advice {
  const { interfaceAddressRules, interfaceAddressPool, neighbours = [], except } = options;
  const others = except === undefined ? options.otherTunnels : options.otherTunnels.filter(({ id }) => id !== except);
  const cloudflareEndpoints = endpointChoices(options.cloudflareEndpoints, others);
  const context = {
    interfaceAddressRules,
    // Those in use alone may be one of the account's two.
    cloudflareEndpoints: options.cloudflareEndpoints.length === 0 ? [] : cloudflareEndpoints,
    otherTunnels: indexTunnels(others, neighbours),
  };
  return {
    on: (field, request) => adviseOnField(field, request, context),
    dependentsOf: fieldsAdvisedBy,
    cloudflareEndpoints,
    findFreeSubnet(taken = []) {
      return interfaceAddressPool === undefined
        ? lowestFreeInBlockUsedMost([...others, ...taken], neighbours)
        : lowestFreeSubnet(interfaceAddressPool.map(cidr), [...others, ...neighbours, ...taken]);
    },
  };
}
