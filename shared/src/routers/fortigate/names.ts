// What things are called on FortiGate, each as a value of a command.

import type { RouterTunnel } from '../router-tunnel.ts';
import { quoted } from './keys.ts';

/** Phase 1, phase 2 and the interface of a tunnel: at most 15 characters, as FortiOS has it. */
export function nameOf({ shortLabel }: RouterTunnel): string {
  return quoted(`cf-${shortLabel}`);
}

export function addressName(prefix: string): string {
  return quoted(`cf-lan-${prefix.replace('/', '_')}`);
}
