// What Cloudflare's guides for devices (Cloudflare WAN, third-party integrations) ask of a tunnel and of a pair of them:
// what can be set, what only a person can enter, and why. Nothing is here that no guide says.

import { formatIp } from '../ip/address.ts';
import { contains, firstAddress, parseCidr } from '../ip/cidr.ts';
import type { Advisory } from './advisories.ts';
import type { Device } from './devices.ts';
import { GUIDE_LINK_LOCAL_BLOCK, type InterfaceAddressRules } from './interface-address.ts';
import type { IpsecTunnelField } from './request.ts';

/** The fields that a guide gives a value for. */
export type PresetField = Extract<
  IpsecTunnelField,
  'replay_protection' | 'automatic_return_routing' | `health_check.${'rate' | 'type' | 'direction'}`
>;

export interface Preset {
  /** The title of Cloudflare's guide. */
  readonly guide: string;
  /** By the field's dotted path. */
  readonly sets: Readonly<Partial<Record<PresetField, string | boolean>>>;
  /** Whether probes go to the customer endpoint, whichever that is. */
  readonly targetsCustomerEndpoint?: true;
  /** Why it sets what it sets, as sentences. */
  readonly why: readonly string[];
  /** What only a person knows, and why it is asked for. */
  readonly asks: readonly { readonly field: IpsecTunnelField; readonly why: string }[];
  readonly pair: PresetPair;
}

/** What the guide asks of two tunnels for one device. */
export interface PresetPair {
  /** Whether both are on one Cloudflare endpoint. */
  readonly sharesEndpoint: boolean;
  readonly sharesKey: boolean;
  readonly sharesIdentity: boolean;
  /** Whether the device has another address for the second. */
  readonly hasSecondAddress: boolean;
  /** A sentence. */
  readonly why: string;
}

const TWO_ENDPOINTS: Omit<PresetPair, 'why'> = {
  sharesEndpoint: false,
  sharesKey: false,
  sharesIdentity: false,
  hasSecondAddress: false,
};

const KEEPS_ANTI_REPLAY = "can't turn its own anti-replay protection off, so it is on at Cloudflare too.";
const FOLLOWS_LINK_LOCAL =
  "Under this desk's rules neither is possible: your administrator can allow both with INTERFACE_ADDRESS_RULES=guide.";

/** What Cloudflare's guide for the device asks for, at a desk with these rules for interface addresses. */
export function presetFor(device: Device, rules: InterfaceAddressRules): Preset {
  return PRESETS[device](rules === 'guide' ? '' : ` ${FOLLOWS_LINK_LOCAL}`);
}

/** By device; `limits` is what keeps this desk from a /30 in link-local space, as a sentence. */
const PRESETS: Readonly<Record<Device, (limits: string) => Preset>> = {
  aws: (limits) => ({
    guide: 'Amazon AWS Transit Gateway',
    sets: { replay_protection: true, 'health_check.type': 'request', 'health_check.direction': 'bidirectional' },
    why: [`The guide turns replay protection on: AWS ${KEEPS_ANTI_REPLAY}`],
    asks: [
      { field: 'customer_endpoint', why: "AWS's outside IP address of the VPN tunnel." },
      {
        field: 'interface_address',
        why: `AWS takes a /30 of 169.254.0.0/16, of which Cloudflare supports 169.254.240.0/20. The first usable address is AWS's, the second Cloudflare's, such as 169.254.244.2/30.${limits}`,
      },
      { field: 'psk', why: "AWS's key of the VPN tunnel, as your own." },
    ],
    pair: {
      ...TWO_ENDPOINTS,
      hasSecondAddress: true,
      why: 'AWS has an outside address, a /30 and a key of its own for each tunnel.',
    },
  }),
  azure: () => ({
    guide: 'Azure VPN Gateway',
    sets: {
      replay_protection: true,
      'health_check.rate': 'mid',
      'health_check.type': 'reply',
      'health_check.direction': 'bidirectional',
    },
    targetsCustomerEndpoint: true,
    why: ['The guide has probes go to the customer endpoint, and turns replay protection on.'],
    asks: [
      { field: 'customer_endpoint', why: "The public address of Azure's virtual network gateway." },
      {
        field: 'interface_address',
        why: "Azure's local network gateway takes only the lower address of a /31, so Cloudflare's is the upper one, such as 10.252.3.55/31.",
      },
    ],
    pair: {
      sharesEndpoint: true,
      sharesKey: true,
      sharesIdentity: false,
      hasSecondAddress: true,
      why: 'An active-active gateway makes both tunnels to one remote address with one key, each from a public address of its own: the same Cloudflare endpoint and the same key twice.',
    },
  }),
  google: (limits) => ({
    guide: 'Google Cloud VPN',
    sets: { replay_protection: true, 'health_check.type': 'reply', 'health_check.direction': 'bidirectional' },
    why: ['The guide turns replay protection on.'],
    asks: [
      { field: 'customer_endpoint', why: "Google's outside IP address of the VPN tunnel." },
      {
        field: 'interface_address',
        why: `The guide has a /30 of 169.254.0.0/16, of which Cloudflare supports 169.254.240.0/20, such as 169.254.244.2/30.${limits}`,
      },
      { field: 'health_check.target', why: 'The guide has the address that belongs to the interface address.' },
      { field: 'psk', why: "Google's key of the VPN tunnel, as your own." },
    ],
    pair: { ...TWO_ENDPOINTS, why: 'The guide has a second VPN tunnel to the second Cloudflare endpoint.' },
  }),
  meraki: () => ({
    guide: 'Cisco Meraki MX (static routing)',
    sets: {
      replay_protection: true,
      automatic_return_routing: true,
      'health_check.rate': 'low',
      'health_check.type': 'request',
      'health_check.direction': 'bidirectional',
    },
    why: [
      `An MX ${KEEPS_ANTI_REPLAY}`,
      'Automatic return routing needs Unified Routing, which Cloudflare turns on for an account.',
    ],
    asks: [
      {
        field: 'health_check.target',
        why: "The address of the MX's LAN interface: an MX has no virtual tunnel interface that could respond.",
      },
    ],
    pair: { ...TWO_ENDPOINTS, why: 'An MX has a primary and a secondary tunnel, each with a key of its own.' },
  }),
  fortigate: () => ({
    guide: 'Fortinet',
    sets: { replay_protection: false, 'health_check.type': 'request' },
    why: ['The guide has health checks of type request, and leaves replay protection off.'],
    asks: [],
    pair: { ...TWO_ENDPOINTS, why: 'The guide has a tunnel to each of the two Cloudflare endpoints.' },
  }),
  'ios-xe': () => ({
    guide: 'Cisco IOS XE',
    sets: { replay_protection: false },
    why: ['The guide turns replay protection off on the router, so it is off at Cloudflare too.'],
    asks: [],
    pair: { ...TWO_ENDPOINTS, why: 'The guide has a tunnel to each Cloudflare endpoint, each with a key of its own.' },
  }),
  pfsense: () => ({
    guide: 'pfSense',
    sets: {
      replay_protection: true,
      'health_check.rate': 'mid',
      'health_check.type': 'request',
      'health_check.direction': 'bidirectional',
    },
    why: [`pfSense ${KEEPS_ANTI_REPLAY}`],
    asks: [],
    pair: { ...TWO_ENDPOINTS, why: 'The guide has a tunnel to each Cloudflare endpoint, each with a key of its own.' },
  }),
  linux: () => ({
    guide: 'strongSwan',
    sets: { replay_protection: false, 'health_check.rate': 'mid', 'health_check.type': 'request' },
    why: [
      'The guide has health checks of type request, and turns replay protection off on the router.',
      'Its target, 172.64.240.252, is left out: Cloudflare has retired that range.',
    ],
    asks: [],
    pair: { ...TWO_ENDPOINTS, why: 'The guide has one tunnel; Cloudflare recommends one to each Cloudflare endpoint.' },
  }),
  velocloud: () => ({
    guide: 'Velocloud',
    sets: { replay_protection: true },
    why: [`VeloCloud ${KEEPS_ANTI_REPLAY}`],
    asks: [
      {
        field: 'custom_remote_identities.fqdn_id',
        why: 'VeloCloud identifies itself by one name (FQDN): choose its label.',
      },
    ],
    pair: {
      ...TWO_ENDPOINTS,
      sharesKey: true,
      sharesIdentity: true,
      why: 'VeloCloud has one set of IKE settings for both Cloudflare endpoints: the same key and the same custom identity.',
    },
  }),
};

/**
 * What of an interface address does not suit the device by its guide. In words alone: the address that suits may be the one
 * that was meant for the other end.
 */
export function adviseOnDeviceAddress(device: Device, text: unknown): Omit<Advisory, 'path'>[] {
  const written = typeof text === 'string' ? parseCidr(text) : undefined;
  if (written?.address.version !== 4) return [];
  const offset = written.address.value - firstAddress(written).value;
  const risk = (message: string): Omit<Advisory, 'path'>[] => [{ severity: 'risk', message }];
  if (device === 'azure' && written.prefixLength === 31 && offset === 0n) {
    return risk(
      `Cloudflare's guide for Azure: Azure takes only the lower address of a /31, and this has ${formatIp(written.address)} for Cloudflare.`,
    );
  }
  if (device !== 'aws' && device !== 'google') return [];
  if (written.prefixLength !== 30 || !contains(GUIDE_LINK_LOCAL_BLOCK, written.address)) {
    return risk(`Cloudflare's guide for ${device === 'aws' ? 'AWS' : 'Google'} has a /30 of 169.254.240.0/20.`);
  }
  if (device === 'google' || offset !== 1n) return [];
  return risk(
    `Cloudflare's guide for AWS: the first usable address of the /30 is AWS's, and this has ${formatIp(written.address)} for Cloudflare.`,
  );
}
