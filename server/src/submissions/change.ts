// What submissions must know of one change to one kind of resource, such as creating an IPsec tunnel.

import type { ResourceKind } from '@tunnel-desk/shared/api/audit';
import type { ChangeAction } from '@tunnel-desk/shared/api/changes';
import type { OpenOutcome } from '@tunnel-desk/shared/api/submissions';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import type { ApiResponse } from '../http/response.ts';
import type { ResourceAfter } from './journal.ts';

/** What can be told of a change from its record alone, by whichever start of the server it was sent. */
export interface RecordedChange {
  readonly resourceKind: ResourceKind;
  readonly action: ChangeAction;
  /** Looks once at what became of these, within `limitMs`; `undefined` where nothing can be seen. */
  look(accountId: string, sent: readonly SentChange[], limitMs: number): Promise<Look | undefined>;
  /** The response to a call that ended like this. */
  respond(upstream: UpstreamResponse): ApiResponse;
  /** In place of `open`, which left the outcome open: nothing was done. */
  respondNotDone(open: ApiResponse): ApiResponse;
  /** In place of `open`: the outcome is not known yet. */
  respondOpen(open: ApiResponse, known: OpenOutcome): ApiResponse;
  /** What the desk knows of the resource once this response says that it was done; absent where nothing new. */
  readonly after?: (
    response: ApiResponse,
    sent: Pick<SentChange, 'resourceId' | 'request'>,
  ) => ResourceAfter | undefined;
  /** Stands for the response where a stop of this server left none. */
  readonly interrupted: ApiResponse;
  /** Where Cloudflare may refuse one because an earlier one of the same has taken its place; absent where it never does. */
  readonly repetition?: Repetition;
}

export interface Repetition {
  /** Whether two of them, as they were recorded, ask for the same. */
  isSame(a: object, b: object): boolean;
  /** In place of `refused`: an earlier one that asks for the same did this already, or may have done it. */
  respond(refused: ApiResponse, earlier: EarlierChange): ApiResponse;
}

export interface Change<Request extends object, Options extends string> extends RecordedChange {
  /** The request without its secrets, as it is recorded. */
  toRecord(request: Request): object;
  /** Sends it once. */
  send(call: Call<Request, Options>): Promise<Sent>;
  /** Has Cloudflare validate it without changing anything. */
  validate(call: Call<Request, Options>): Promise<UpstreamResponse>;
}

export interface Call<Request extends object, Options extends string> {
  readonly accountId: string;
  /** Of a resource that exists; empty for one that is created. */
  readonly resourceId: string;
  readonly request: Request;
  readonly options: Options;
}

/** How a call ended that was sent, and the resource it made, if it made one. */
export interface Sent {
  readonly upstream: UpstreamResponse;
  readonly made?: Identified | undefined;
}

/** What of a resource is recorded once it is known. */
export interface Identified {
  readonly id: string;
}

export interface SentChange {
  /** Of a resource that exists; empty for one that is created. */
  readonly resourceId: string;
  /** As it was recorded. */
  readonly request: object;
  /** What the resource was right before; absent for one that is created. */
  readonly before: object | undefined;
  readonly options: string;
  /** When it was sent, by the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** What a look saw. */
export interface Look {
  /** What there is of a change; `isClaimed` is whether a resource is known to be one that another submission made. */
  traceOf(sent: SentChange, isClaimed: (resourceId: string) => boolean): Trace;
}

export type Trace =
  /** Resources that are as the change would have made them. */
  | { readonly kind: 'found'; readonly candidates: readonly Candidate[] }
  /** The change took effect; `respond` is the response in place of `open`, which left that open. */
  | { readonly kind: 'done'; respond(open: ApiResponse): ApiResponse }
  /** It has had no effect so far. */
  | { readonly kind: 'absent' }
  /** What says neither, as a sentence; it stays that way where it is final. */
  | { readonly kind: 'other'; readonly found: string; readonly isFinal?: true }
  /** This look could not see it. */
  | { readonly kind: 'unseen' };

export interface Candidate extends Identified {
  /** The response in place of `open`, which left the outcome open. */
  respond(open: ApiResponse): ApiResponse;
}

export interface EarlierChange {
  readonly at: Date;
  /** The resource it made; absent while that is not known. */
  readonly resourceId: string | undefined;
}
