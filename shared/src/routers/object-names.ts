// What the objects of a tunnel are called on firewalls whose names may have 31 characters.

import type { RouterTunnel } from './router-tunnel.ts';

/** The shortest limit there is: PAN-OS has 31 for a crypto profile, Junos 32 for an IKE proposal. */
const MAX_OBJECT_NAME = 31;

/** Unique in one configuration; begins with a letter. */
export function objectName({ label, shortLabel }: RouterTunnel): string {
  const name = `cf-${label}`;
  return name.length <= MAX_OBJECT_NAME ? name : `cf-${shortLabel}`;
}
