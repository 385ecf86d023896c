// The formats that tunnels can be copied in, and what to know about each.

import { toCurl } from '@tunnel-desk/shared/ipsec-tunnels/export/curl';
import type { ExportedTunnel } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { toJson } from '@tunnel-desk/shared/ipsec-tunnels/export/json';
import { toTerraform } from '@tunnel-desk/shared/ipsec-tunnels/export/terraform';

export interface CopyFormat {
  /** As the menu lists it. */
  readonly label: string;
  /** What was copied, at the beginning of a sentence. */
  what(count: number): string;
  write(tunnels: readonly ExportedTunnel[], accountId: string): string;
  /** Where the pre-shared key goes, of tunnels that have one. */
  aboutKey(count: number): string;
}

export const COPY_FORMATS: readonly CopyFormat[] = [
  {
    label: 'curl',
    what: (count) => (count === 1 ? 'curl command' : `${count} curl commands`),
    write: (tunnels, accountId) => toCurl(tunnels, { accountId }),
    aboutKey: (count) =>
      count === 1
        ? 'It reads the pre-shared key from psk.txt, in the folder where you run it.'
        : 'They read the pre-shared keys from psk-1.txt and so on, in the folder where you run them.',
  },
  {
    label: 'JSON',
    what: (count) => (count === 1 ? 'JSON' : `JSON of ${count} tunnels`),
    write: ([only, ...others], _accountId) =>
      only !== undefined && others.length === 0 ? toJson(only) : toJson(only === undefined ? [] : [only, ...others]),
    aboutKey: () => 'No pre-shared key is in it.',
  },
  {
    label: 'Terraform',
    what: (count) => (count === 1 ? 'Terraform configuration' : `Terraform configuration of ${count} tunnels`),
    write: toTerraform,
    aboutKey: () => 'A pre-shared key is a variable in it, for you to set.',
  },
];
