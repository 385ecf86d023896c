// The audit trail: what was about to be sent, durable before it leaves, and what became of it.

import type { AuditAction, AuditEntry, AuditOutcome, AuditPage, AuditResult } from '@tunnel-desk/shared/api/audit';
import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { Identity } from '../auth/identity.ts';
import type { ApiResponse } from '../http/response.ts';

/** What is about to be sent to Cloudflare. */
export interface Intent {
  readonly requestId: string;
  readonly person: Pick<Identity, 'id' | 'name'>;
  readonly accountId: string;
  readonly action: AuditAction;
  readonly request: Omit<CreateIpsecTunnelRequest, 'psk'>;
  readonly healthCheckTarget: IpsecTunnelRules['healthCheckTarget'];
  readonly idempotency?: Idempotency | undefined;
}

/** Makes a create repeatable: the same key is sent once. */
export interface Idempotency {
  readonly key: string;
  /** Tells the same request from another one, and nothing about what is in it. */
  readonly fingerprint: string;
}

export interface Outcome extends Omit<AuditOutcome, 'at'> {
  /** What was answered, for answering it again under the same idempotency key. */
  readonly answer?: ApiResponse | undefined;
}

/** A create as the trail knows it, with what is not for everybody's eyes. */
export interface RecordedCreate {
  readonly entry: AuditEntry;
  readonly healthCheckTarget: IpsecTunnelRules['healthCheckTarget'];
  readonly idempotency: Idempotency | undefined;
  readonly answer: ApiResponse | undefined;
}

export interface EntryFilter {
  readonly person?: string | undefined;
  /** Entries of these accounts alone; of every account when absent. */
  readonly accountIds?: readonly string[] | undefined;
  readonly tunnelName?: string | undefined;
  readonly result?: AuditResult | undefined;
}

/** Nothing in it is ever changed or removed. Writes are durable once their promise is fulfilled. */
export interface AuditTrail {
  /** Records an intent and gives its ID. When it rejects, nothing may be sent. */
  begin(intent: Intent): Promise<number>;
  /** Records how an intent ended. An intent may get several outcomes, as when one is found out later; the last one counts. */
  finish(entryId: number, outcome: Outcome): Promise<void>;
  /** The create that was sent under this key, if one was. */
  findCreate(idempotencyKey: string): RecordedCreate | undefined;
  /** The creates whose last outcome is `interrupted` or `unknown`, oldest first. */
  unsettledCreates(): RecordedCreate[];
  /** Newest first, from below the ID `before`. */
  page(filter: EntryFilter, limit: number, before?: number): AuditPage;
  /** Writes to the trail, and rejects where that fails. */
  probe(): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}
