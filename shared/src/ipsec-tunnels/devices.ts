// The devices whose guide by Cloudflare a new tunnel can follow. What the guides say is in presets.ts.

import { ROUTER_NAMES } from '../routers/kinds.ts';

/** In the order of their names. A device that the desk writes a configuration for goes by its kind. */
export const DEVICES = [
  'aws',
  'azure',
  'ios-xe',
  'meraki',
  'fortigate',
  'google',
  'linux',
  'pfsense',
  'velocloud',
] as const;
export type Device = (typeof DEVICES)[number];

export const DEVICE_NAMES: Readonly<Record<Device, string>> = {
  aws: ROUTER_NAMES.aws,
  azure: ROUTER_NAMES.azure,
  'ios-xe': ROUTER_NAMES['ios-xe'],
  meraki: 'Cisco Meraki MX',
  fortigate: ROUTER_NAMES.fortigate,
  google: 'Google Cloud VPN',
  linux: ROUTER_NAMES.linux,
  pfsense: ROUTER_NAMES.pfsense,
  velocloud: 'VeloCloud',
};
