// A submission from its intent to its outcome: recorded before it is sent, sent once, and looked for where its own response
// does not say whether it took effect.

import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { AuditAction, AuditResult, ResourceKind } from '@tunnel-desk/shared/api/audit';
import { CHANGES, type ChangeAction } from '@tunnel-desk/shared/api/changes';
import type { OpenOutcome } from '@tunnel-desk/shared/api/submissions';
import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../auth/identity.ts';
import { isAmbiguous } from '../cloudflare/reconcile.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import { type ApiResponse, failure } from '../http/response.ts';
import type { Secret } from '../secret.ts';
import type { Change, Identified, RecordedChange, Repetition, Sent } from './change.ts';
import { givingUp } from './give-up.ts';
import type { Begun, Idempotency, Intent, Journal, Outcome, RecordedSubmission } from './journal.ts';
import {
  afterIfDone,
  CANNOT_RECORD,
  createSettler,
  LONGEST_WAIT_MS,
  type OpenSubmission,
  outcomeFrom,
  type Settlement,
  within,
} from './settler.ts';

export interface Submission<Request extends object, Options extends string> {
  readonly requestId: string;
  readonly person: Pick<Identity, 'id' | 'name'>;
  readonly accountId: string;
  readonly resource: Omit<Intent['resource'], 'kind'>;
  /** The resource as it is, of one that exists already. */
  readonly before?: object;
  readonly request: Request;
  readonly options: Options;
  readonly validateOnly: boolean;
  /** Of no use to a validation, which may be repeated as it is. */
  readonly idempotencyKey: string | undefined;
}

export interface Submitted {
  readonly response: ApiResponse;
  /** Whether the response is that of an earlier submission under the same key: nothing was sent for this one. */
  readonly isReplay: boolean;
  /** How the call to Cloudflare ended, where there was one. */
  readonly upstream?: UpstreamResponse;
  /** How it stands in the audit log, where it does. */
  readonly result?: AuditResult;
}

export interface FoundSubmission {
  readonly accountId: string;
  readonly resourceKind: ResourceKind;
  readonly action: ChangeAction;
  /** How it ended, as far as that is known after a moment's look. */
  outcome(): Promise<FoundOutcome>;
}

export type FoundOutcome =
  | { readonly kind: 'known'; readonly response: ApiResponse }
  | { readonly kind: 'open'; readonly known: OpenOutcome };

export interface Submissions {
  submit<Request extends object, Options extends string>(
    change: Change<Request, Options>,
    submission: Submission<Request, Options>,
  ): Promise<Submitted>;
  /** What {@link submit} gives where the key was used before; `undefined` where it was not, or there is none. */
  repeat<Request extends object, Options extends string>(
    change: Change<Request, Options>,
    submission: Submission<Request, Options>,
  ): Promise<Submitted | undefined>;
  /** What was sent under this key, if anything was. */
  find(idempotencyKey: string): Promise<FoundSubmission | undefined>;
  /** From now on looks for what has no known outcome, that of earlier runs too. */
  start(): void;
  /**
   * Lets whoever waits know soon what is known: nobody waits for a second look, and shortly before the time, in milliseconds,
   * is over, nobody waits for Cloudflare.
   */
  hurry(withinMs: number): void;
  /** Fulfilled once nothing of it is under way. */
  stop(): Promise<void>;
}

export interface SubmissionsOptions {
  readonly journal: Journal;
  /** Every change that can be submitted. */
  readonly changes: readonly RecordedChange[];
  /** The only accounts that are ever called. */
  readonly accountIds: readonly string[];
  readonly log: FastifyBaseLogger;
  /** What fingerprints are made with. With another one, every key used before counts as used for something else. */
  readonly secret: Secret;
  /** How long a change is looked for before its absence is final, in milliseconds. */
  readonly settleMs: number;
  /** For the first looks together, and for each one after, in milliseconds. */
  readonly lookLimitMs: number;
  /** Told of every outcome. */
  readonly onOutcome?: ((action: AuditAction, result: AuditResult) => void) | undefined;
}

/** What is left of the time to stop for responding, in milliseconds. */
const RESPONDING_MS = 1000;

export function createSubmissions(options: SubmissionsOptions): Submissions {
  const { journal, changes, log, secret, onOutcome } = options;
  const settler = createSettler({ ...options, onOutcome: ({ action }, result) => onOutcome?.(action, result) });
  const fingerprintOf = fingerprints(secret);
  /** By idempotency key, what is being sent: another request with the same key waits for it. */
  const underWay = new Map<string, Promise<ApiResponse>>();
  /** When nobody may wait any longer, because the server stops. */
  const giveUp = givingUp();
  let giveUpTimer: NodeJS.Timeout | undefined;

  function runUnderKey(key: string | undefined, run: () => Promise<Submitted>): Promise<Submitted> {
    if (key === undefined) return run();
    const running = run().finally(() => underWay.delete(key));
    const response = running.then((submitted) => submitted.response);
    // Whoever waits for it is told; without anybody it must not pass for a rejection that nobody handles.
    response.catch(() => undefined);
    underWay.set(key, response);
    return running;
  }

  async function send<Request extends object, Options extends string>(
    change: Change<Request, Options>,
    submission: Submission<Request, Options>,
    { id, recorded, isKeyed }: { readonly id: number; readonly recorded: object; readonly isKeyed: boolean },
  ): Promise<Submitted> {
    const { accountId, validateOnly, resource, before } = submission;
    const action = actionOf(change, validateOnly);
    const sent = {
      ...{ resourceId: resource.id ?? '', request: recorded, before, options: submission.options },
      startedAt: performance.now(),
    };
    const open = (response: ApiResponse): OpenSubmission => ({
      ...{ id, change, accountId, name: resource.name, sent, response, isKeyed },
      fingerprint: fingerprintOf(submission),
    });
    const outcomeOf = (
      response: ApiResponse,
      result: AuditResult,
      reconciled: boolean,
      made?: Identified,
    ): Outcome => ({
      ...outcomeFrom(response, result, made?.id),
      durationMs: performance.now() - sent.startedAt,
      reconciled,
      response: isKeyed ? response : undefined,
      after: afterIfDone(change, result, response, sent),
    });

    async function finish(response: ApiResponse, result: AuditResult, made?: Identified): Promise<void> {
      const outcome = outcomeOf(response, result, false, made);
      const release = made && settler.claim(made.id, id);
      if (await recordOutcome(id, action, outcome)) return release?.();
      // It is told all the same. What was made is confirmed by looking at it, and then recorded.
      if (made !== undefined) settler.open(open(failure('internal', 'the outcome could not be recorded')));
      else settler.keep(open(response), { response, outcome });
    }

    /** The outcome is not known: looks for it, and for no longer than somebody waits for a response. */
    async function settle(response: ApiResponse, upstream?: UpstreamResponse): Promise<Submitted> {
      const settlement = settler.open(open(response));
      await giveUp.wait(settler.lookFirst([settlement]));
      const told = settlement.respond();
      const result = settlement.decided?.outcome.result ?? 'unknown';
      // Begun in the same turn as it is told, so that whatever is found out later is recorded after it.
      if (settlement.decided === undefined) await recordOutcome(id, action, outcomeOf(told, 'unknown', true));
      return { response: told, isReplay: false, result, ...(upstream && { upstream }) };
    }

    if (!validateOnly) settler.began(id, { change, accountId, name: resource.name, sent });
    try {
      const calling = call(change, submission);
      const called = await giveUp.wait(calling);
      settler.ended(id);
      if (called === undefined) {
        // It ends with the server, and nobody is left to be told.
        calling.catch(() => undefined);
        if (!validateOnly) return await settle(change.interrupted);
        const response = failure('stopping', 'this server is stopping; nothing was validated, try again in a moment');
        await finish(response, 'not-validated');
        return { response, isReplay: false, result: 'not-validated' };
      }
      const { upstream, made } = called;
      const own = change.respond(upstream);
      if (!validateOnly && isAmbiguous(upstream)) return await settle(own, upstream);
      const { repetition } = change;
      const response =
        repetition && !validateOnly && mayBeTaken(upstream)
          ? await afterEarlier(change, repetition, submission, sent, own)
          : own;
      const result = resultOf(change, upstream, validateOnly);
      await finish(response, result, made);
      return { response, isReplay: false, upstream, result };
    } catch (error) {
      // A bug: whatever it was, the request may have been sent.
      settler.ended(id);
      const response = failure('internal', 'this server failed');
      await recordOutcome(id, action, outcomeOf(response, validateOnly ? 'not-validated' : 'unknown', false));
      if (!validateOnly) settler.open(open(response));
      throw error;
    }
  }

  /** Beside a refusal: what an earlier change that asks for the same did, settled first if it is still open. */
  async function afterEarlier(
    change: RecordedChange,
    repetition: Repetition,
    { accountId }: Submission<object, string>,
    { request }: { readonly request: object },
    refused: ApiResponse,
  ): Promise<ApiResponse> {
    const earlier = settler.like(change, accountId, request);
    const [first] = earlier;
    if (first === undefined) return refused;
    const settlements = earlier.flatMap((each) => ('submission' in each ? each : []));
    await giveUp.wait(settler.lookFirst(settlements));
    const done = settlements.find(({ decided }) => decided?.outcome.result === CHANGES[change.action].results.done);
    const open = settlements.find(({ decided }) => decided === undefined);
    const told = done ?? open ?? earlier.find((each) => !('submission' in each));
    if (told === undefined) return refused;
    const { startedAt } = 'submission' in told ? told.submission.sent : told.sent;
    const at = new Date(Date.now() - (performance.now() - startedAt));
    return repetition.respond(refused, { at, resourceId: done?.decided?.outcome.resourceId });
  }

  /** Whether it is on record: an outcome that cannot be recorded is told all the same. */
  async function recordOutcome(id: number, action: AuditAction, outcome: Outcome): Promise<boolean> {
    onOutcome?.(action, outcome.result);
    try {
      await journal.finish(id, outcome);
      return true;
    } catch (error) {
      log.error({ err: error, entryId: id, result: outcome.result }, CANNOT_RECORD);
      return false;
    }
  }

  /** How a submission ended, or what is known of it: nothing that a look does not tell soon is waited for. */
  async function outcomeNow(change: RecordedChange, recorded: RecordedSubmission): Promise<Settlement | ApiResponse> {
    const { entry, response } = recorded;
    const isOpen =
      entry.outcome === null || entry.outcome.result === 'unknown' || entry.outcome.result === 'interrupted';
    if (!isOpen && response !== undefined) return response;
    const settlement = settler.find(entry.id) ?? settler.adopt(recorded, change);
    if (settlement === undefined) return response ?? change.interrupted;
    if (settlement.decided === undefined) await giveUp.wait(settler.look(settlement));
    return settlement;
  }

  function changeOf({ entry }: RecordedSubmission): RecordedChange | undefined {
    return changes.find(({ resourceKind, action }) => resourceKind === entry.resource.kind && action === entry.action);
  }

  /** Waits for what is being sent under the key. */
  async function replay(change: RecordedChange, first: RecordedSubmission): Promise<ApiResponse> {
    const running = sendingOf(first);
    if (running !== undefined) return running;
    const outcome = await outcomeNow(change, first);
    return 'submission' in outcome ? outcome.respond() : outcome;
  }

  /** What is being sent; what is looked for already is told by the settler, sooner. */
  function sendingOf({ entry, idempotency }: RecordedSubmission): Promise<ApiResponse> | undefined {
    return idempotency === undefined || settler.find(entry.id) ? undefined : underWay.get(idempotency.key);
  }

  async function foundOutcome(change: RecordedChange, recorded: RecordedSubmission): Promise<FoundOutcome> {
    const running = sendingOf(recorded);
    if (running !== undefined) {
      let response: ApiResponse | undefined;
      await within(
        LONGEST_WAIT_MS,
        running.then((told) => {
          response = told;
        }),
      );
      const settlement = settler.find(recorded.entry.id);
      if (response === undefined || settlement !== undefined) return openOutcome(settlement);
      return { kind: 'known', response };
    }
    const outcome = await outcomeNow(change, recorded);
    if (!('submission' in outcome)) return { kind: 'known', response: outcome };
    return outcome.decided === undefined ? openOutcome(outcome) : { kind: 'known', response: outcome.respond() };
  }

  function idempotencyOf(submission: Submission<object, string>): Idempotency | undefined {
    const { idempotencyKey: key, validateOnly } = submission;
    return key === undefined || validateOnly ? undefined : { key, fingerprint: fingerprintOf(submission) };
  }

  /** What there is for whoever comes with the key of an earlier submission. */
  async function submittedUnder(
    first: RecordedSubmission,
    change: RecordedChange,
    idempotency: Idempotency | undefined,
  ): Promise<Submitted> {
    const isSame = first.idempotency?.fingerprint === idempotency?.fingerprint && changeOf(first) === change;
    if (isSame) return { response: await replay(change, first), isReplay: true };
    const message =
      'this Idempotency-Key was used for another request, or before the API token changed; nothing was sent for this one';
    return { response: failure('idempotencyKeyReused', message), isReplay: false };
  }

  return {
    async submit(change, submission) {
      const idempotency = idempotencyOf(submission);
      const recorded = change.toRecord(submission.request);
      let begun: Begun;
      try {
        begun = await journal.begin(intentOf(change, submission, recorded, idempotency));
      } catch (error) {
        log.error({ err: error }, 'the submission journal cannot be written');
        const response = failure('auditUnavailable', 'this desk cannot record what it does, so nothing was sent');
        return { response, isReplay: false };
      }
      if (begun.kind === 'begun') {
        const { id } = begun;
        return runUnderKey(idempotency?.key, () =>
          send(change, submission, { id, recorded, isKeyed: idempotency !== undefined }),
        );
      }
      return submittedUnder(begun.first, change, idempotency);
    },

    async repeat(change, submission) {
      const idempotency = idempotencyOf(submission);
      const first = idempotency && (await journal.find(idempotency.key));
      return first && submittedUnder(first, change, idempotency);
    },

    async find(key) {
      const recorded = await journal.find(key);
      const change = recorded && changeOf(recorded);
      if (recorded === undefined || change === undefined) return undefined;
      const { resourceKind, action } = change;
      return {
        accountId: recorded.entry.accountId,
        resourceKind,
        action,
        outcome: () => foundOutcome(change, recorded),
      };
    },

    start: () => settler.start(),
    hurry(withinMs) {
      settler.hurry();
      if (withinMs <= RESPONDING_MS) return;
      giveUpTimer = setTimeout(giveUp.now, withinMs - RESPONDING_MS);
    },
    async stop() {
      clearTimeout(giveUpTimer);
      await settler.stop();
    },
  };
}

function openOutcome(settlement: Settlement | undefined): FoundOutcome {
  return { kind: 'open', known: settlement?.known() ?? {} };
}

/** Whether a refusal can be for what an earlier change has taken, such as the name. */
function mayBeTaken(upstream: UpstreamResponse): boolean {
  return upstream.kind === 'response' && !upstream.success && [400, 409, 422].includes(upstream.status);
}

/** Sends the change, or has it validated. */
async function call<Request extends object, Options extends string>(
  change: Change<Request, Options>,
  { accountId, resource, request, options, validateOnly }: Submission<Request, Options>,
): Promise<Sent> {
  const sent = { accountId, resourceId: resource.id ?? '', request, options };
  return validateOnly ? { upstream: await change.validate(sent) } : change.send(sent);
}

/** How it stands in the audit log. */
function actionOf({ action }: RecordedChange, isValidation: boolean): AuditAction {
  return isValidation ? CHANGES[action].validation : action;
}

function intentOf(
  change: RecordedChange,
  submission: Submission<object, string>,
  request: object,
  idempotency: Idempotency | undefined,
): Intent {
  const { requestId, person, accountId, resource, before, options, validateOnly } = submission;
  return {
    ...{ requestId, person, accountId, request, before, options, idempotency },
    action: actionOf(change, validateOnly),
    resource: { kind: change.resourceKind, ...resource },
  };
}

/**
 * Distinguishes the same request of the same person from any other. Keyed, because a plain hash would let whoever reads the
 * journal guess at secrets in the request. Every key ever used is compared with it, so its form must never change.
 */
function fingerprints(secret: Secret): (submission: Submission<object, string>) => string {
  // As a key object, which is made ready once: from bytes, every fingerprint would take four times as long.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'tunnel-desk idempotency', 32)));
  return ({ person, accountId, options, request, resource: { id } }) =>
    createHmac('sha256', key)
      .update(JSON.stringify([person.id, accountId, options, request, ...(id === undefined ? [] : [id])]))
      .digest('base64url');
}

/** How a call that was not looked into stands in the audit log. */
function resultOf({ action }: RecordedChange, upstream: UpstreamResponse, isValidation: boolean): AuditResult {
  const { results } = CHANGES[action];
  if (upstream.kind === 'response' && upstream.success) return isValidation ? 'validated' : results.done;
  const isRefused =
    'status' in upstream && (upstream.kind === 'response' ? upstream.status < 500 : upstream.status === 429);
  if (isRefused) return 'refused';
  return isValidation ? 'not-validated' : results.notDone;
}
