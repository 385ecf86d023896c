// What submissions must know of one action on one kind of resource, such as creating an IPsec tunnel.

import type { AuditAction, AuditResult, ResourceKind } from '@tunnel-desk/shared/api/audit';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { ApiResponse } from '../http/response.ts';

/** What can be told of a change from its record alone, by whichever start of the server it was sent. */
export interface RecordedChange {
  readonly resourceKind: ResourceKind;
  readonly action: Exclude<AuditAction, 'validate'>;
  /** How it stands in the audit log when it was carried out, and when nothing was. */
  readonly results: { readonly done: AuditResult; readonly notDone: AuditResult };
  /**
   * Looks whether changes took effect whose own responses do not say. All are of one account and have the same options; what
   * was found is in the same order.
   */
  reconcile(accountId: string, options: string, sent: readonly SentChange[]): Promise<Finding[]>;
  /** The response to a call that ended like this. */
  respond(upstream: UpstreamResponse): ApiResponse;
  /** Stands for the response where the last stop of this server left none. */
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
  readonly startedAt: Date;
}

/** What looking found. */
export interface Finding {
  /** `done`, `notDone` of the change's results, or `unknown` where it could not be looked for. */
  readonly result: AuditResult;
  /** The resource, where it was found. */
  readonly resource?: Identified | undefined;
  /** The response in place of `open`, which left the outcome open. */
  respond(open: ApiResponse): ApiResponse;
}
