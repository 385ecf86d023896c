// What submissions must know of one action on one kind of resource, such as creating an IPsec tunnel.

import type { AuditAction, AuditResult, ResourceKind } from '@tunnel-desk/shared/api/audit';
import type { UpstreamAnswer } from '../cloudflare/answer.ts';
import type { Answer } from '../http/answer.ts';

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
  /** The resource's ID in the result of a successful response, if there is one. */
  resourceIdIn(result: unknown): string | undefined;
  /** The response to a call that ended like this. */
  respond(upstream: UpstreamAnswer): Answer;
  /** Stands for the response where the last stop of this server left none. */
  readonly interrupted: Answer;
}

export interface Change<Request extends object, Options extends string> extends RecordedChange {
  /** The request without its secrets, as it is recorded. */
  toRecord(request: Request): object;
  /** Sends it once; with `validateOnly`, Cloudflare changes nothing. */
  send(accountId: string, request: Request, options: Options, validateOnly: boolean): Promise<UpstreamAnswer>;
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
  /** The response in place of `lost`, which left it open. */
  respond(lost: Answer): Answer;
}
