// What there is to copy: tunnels, or a form before it is sent.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';

export type CopySource =
  | { readonly kind: 'tunnels'; readonly tunnels: readonly IpsecTunnel[] }
  | {
      readonly kind: 'form';
      /** What it would send, right or wrong: two requests of a pair. */
      readonly requests: readonly Readonly<Record<string, unknown>>[];
      readonly issueCount: number;
    };
