// What may keep a tunnel from working, what it is concluded from, and what a person can do about it.

import type { AuditEntry } from '../api/audit.ts';
import type { Since } from '../api/health.ts';
import type { TunnelIndex } from '../ipsec-tunnels/conflicts.ts';
import type { RouteToNextHop } from '../ipsec-tunnels/static-routes.ts';
import type { IpsecTunnel } from '../ipsec-tunnels/tunnel.ts';
import type { TunnelFix } from '../routers/advisories.ts';
import type { RouterKind } from '../routers/kinds.ts';
import type { ShownState } from './states.ts';

/**
 * `certain`: by Cloudflare's documentation it cannot work like this. `likely`: this alone would explain it. `possible`: it
 * would, under a condition that the sentence names.
 */
export const LIKELIHOODS = ['certain', 'likely', 'possible'] as const;
export type Likelihood = (typeof LIKELIHOODS)[number];

export type CauseKind =
  | 'no-key'
  | 'checks-off'
  | 'key-changed'
  | 'value-changed'
  | 'changed-elsewhere'
  | 'identity-shared'
  | 'address-identity-unset'
  | 'address-identity-shared'
  | 'ends-swapped'
  | 'reply-dropped'
  | 'unidirectional'
  | 'replay-protection-off'
  | 'asn-unusable'
  | 'bgp-down'
  | 'asn-shared';

export interface Fix {
  /** The button's words. */
  readonly label: string;
  /** What the tunnel's form is to open with, or that the key is to be replaced. */
  readonly values: TunnelFix | 'rotate-key';
}

export interface Cause {
  readonly cause: CauseKind;
  readonly likelihood: Likelihood;
  /** One or two sentences: what is so, and why that matters. */
  readonly sentence: string;
  /** What it is concluded from, each as `What: its value`. */
  readonly evidence: readonly string[];
  readonly fix?: Fix | undefined;
  /** To be run on the router. */
  readonly command?: string | undefined;
}

/** All that is known of a tunnel and of what is around it. What is not known is left out, and nothing is concluded from it. */
export interface DiagnosisInput {
  readonly tunnel: IpsecTunnel;
  readonly health: { readonly state: ShownState; readonly since?: Since | undefined };
  /** Of the account's other tunnels. */
  readonly others: Pick<TunnelIndex, 'withEndpoints' | 'withIdentity' | 'withAsn'>;
  /** The account's static routes. */
  readonly routes?: readonly RouteToNextHop[] | undefined;
  /** The kind of router that is kept for it. */
  readonly routerKind?: RouterKind | undefined;
  /** What was last done to it from this desk, newest first. */
  readonly changes?: readonly AuditEntry[] | undefined;
  /** In milliseconds since the epoch. */
  readonly now: number;
  /** A moment, ISO 8601, as the person reads it. */
  readonly formatMoment: (moment: string) => string;
}

/** Finds causes of one sort. */
export type CauseFinder = (input: DiagnosisInput) => Iterable<Cause>;
