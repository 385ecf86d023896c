// What this desk knows of tunnels: how it last made, saved or accepted each, or found it at first. It has no keys. What was
// made, saved or deleted here is noted by the submission journal, together with its outcome.

import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import type { DriftKind, KnownBy } from '@tunnel-desk/shared/api/drift';
import type { KnownRequest } from '@tunnel-desk/shared/ipsec-tunnels/drift';
import type { Identity } from '../auth/identity.ts';

export interface KnownTunnel {
  readonly tunnelId: string;
  readonly request: KnownRequest;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly knownBy: KnownBy;
  /** Another one whenever the tunnel was made, saved or accepted again. */
  readonly version: number;
}

export interface TunnelToKnow {
  readonly tunnelId: string;
  readonly request: KnownRequest;
}

/** What a tunnel is now, beside what the desk knew of it. */
export interface DriftNote {
  readonly requestId: string;
  readonly person: Pick<Identity, 'id' | 'name'>;
  readonly accountId: string;
  readonly tunnelId: string;
  readonly name: string;
  /** Absent where the desk did not know it. */
  readonly before: KnownRequest | undefined;
  /** Absent where it is gone. */
  readonly now: KnownRequest | undefined;
}

/** What was found in an account by the desk itself, and told. */
export interface Finding {
  readonly tunnelId: string;
  readonly name: string;
  readonly kind: DriftKind;
  /** Stands for what was found: something else is another finding. */
  readonly state: string;
}

/** Tunnels that are being changed, or were since a moment. */
export interface TouchedTunnels {
  readonly ids: ReadonlySet<string>;
  /** Of those that are being made: they may have no ID yet. */
  readonly names: ReadonlySet<string>;
}

export interface KnownTunnels {
  /** All of an account, a few at a time: read no further than they are asked for. */
  all(accountId: string): AsyncGenerator<readonly KnownTunnel[]>;
  find(accountId: string, tunnelId: string): Promise<KnownTunnel | undefined>;
  /** Since when the account's tunnels are compared; `undefined` before they were for the first time. */
  comparingSince(accountId: string): Promise<string | undefined>;
  /** Takes these for known as they were first seen, apart from those that are known and those that were deleted here. */
  addFirstSeen(accountId: string, tunnels: readonly TunnelToKnow[]): Promise<void>;
  /** Forgets tunnels that are gone, and come back under another ID if at all. */
  forget(accountId: string, tunnelIds: readonly string[]): Promise<void>;
  /** Notes that the account's tunnels are compared from now on; returns since when. */
  startComparing(accountId: string): Promise<string>;
  /**
   * Those that were changed or accepted since a moment, and those that may be changed just now, by submissions without a
   * known outcome that were begun after `openSince`.
   */
  touchedSince(accountId: string, since: Date, options: { readonly openSince: Date }): Promise<TouchedTunnels>;
  /**
   * Takes a tunnel as it is for known, or that it is gone, and records it; all or nothing. False, and nothing was done, where
   * what was known is not of that version any more; `undefined` stands for nothing known.
   */
  accept(note: DriftNote, version: number | undefined): Promise<boolean>;
  findings(accountId: string): Promise<readonly Finding[]>;
  /** Records a finding, unless it was recorded before: whether it was recorded. */
  addFinding(note: DriftNote, finding: Finding, result: ElsewhereResult): Promise<boolean>;
  /** Forgets a finding that is none any more. */
  removeFinding(accountId: string, tunnelId: string): Promise<void>;
}

type Result = NonNullable<AuditEntry['outcome']>['result'];
/** How a finding stands in the audit log. */
export type ElsewhereResult = Extract<Result, `${DriftKind}-elsewhere`>;
