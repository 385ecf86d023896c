// What submissions must know of one action on one kind of resource, such as creating an IPsec tunnel.

import type { AuditAction, AuditResult, ResourceKind } from '@tunnel-desk/shared/api/audit';
import type { OpenOutcome } from '@tunnel-desk/shared/api/submissions';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { ApiResponse } from '../http/response.ts';

/** What can be told of a change from its record alone, by whichever start of the server it was sent. */
export interface RecordedChange {
  readonly resourceKind: ResourceKind;
  readonly action: Exclude<AuditAction, 'validate'>;
  /** How it stands in the audit log when it was carried out, and when nothing was. */
  readonly results: { readonly done: AuditResult; readonly notDone: AuditResult };
  /** Lists once what exists in the account, within `limitMs`; `undefined` where it cannot be listed. */
  look(accountId: string, limitMs: number): Promise<Look | undefined>;
  /** Whether two of them, as they were recorded, ask for the same. */
  isSameRequest(a: object, b: object): boolean;
  /** The response to a call that ended like this. */
  respond(upstream: UpstreamResponse): ApiResponse;
  /** In place of `open`, which left the outcome open: nothing was done. */
  respondNotDone(open: ApiResponse): ApiResponse;
  /** In place of `open`: the outcome is not known yet. */
  respondOpen(open: ApiResponse, known: OpenOutcome): ApiResponse;
  /** In place of `refused`: an earlier one that asks for the same did this already, or may have done it. */
  respondEarlier(refused: ApiResponse, earlier: EarlierChange): ApiResponse;
  /** Stands for the response where a stop of this server left none. */
  readonly interrupted: ApiResponse;
}

export interface Change<Request extends object, Options extends string> extends RecordedChange {
  /** The request without its secrets, as it is recorded. */
  toRecord(request: Request): object;
  /** Sends it once. */
  send(accountId: string, request: Request, options: Options): Promise<UpstreamResponse<Identified>>;
  /** Has Cloudflare validate it without changing anything. */
  validate(accountId: string, request: Request, options: Options): Promise<UpstreamResponse>;
}

/** What of a resource is recorded once it is known. */
export interface Identified {
  readonly id: string;
}

export interface SentChange {
  /** As it was recorded. */
  readonly request: object;
  readonly options: string;
  /** When it was sent, by the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** What exists in an account at some moment. */
export interface Look {
  /** Whether what is not in it does not exist. */
  readonly isComplete: boolean;
  /** What there is of a change; `isClaimed` is whether a resource is known to be that of another one. */
  traceOf(sent: SentChange, isClaimed: (resourceId: string) => boolean): Trace;
}

export type Trace =
  /** Resources that are as the change would have made them. */
  | { readonly kind: 'found'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'absent' }
  /** Something that is neither the resource nor its absence, as a sentence. */
  | { readonly kind: 'other'; readonly found: string };

export interface Candidate extends Identified {
  /** The response in place of `open`, which left the outcome open. */
  respond(open: ApiResponse): ApiResponse;
}

export interface EarlierChange {
  readonly at: Date;
  /** The resource it made; absent while that is not known. */
  readonly resourceId: string | undefined;
}
