// A submission from its intent to its outcome: recorded before it is sent, sent once, and looked for where its own response
// does not say whether it took effect.

import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { AuditAction, AuditResult, ResourceKind } from '@tunnel-desk/shared/api/audit';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../auth/identity.ts';
import { isAmbiguous } from '../cloudflare/reconcile.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import { type ApiResponse, failure } from '../http/response.ts';
import type { Secret } from '../secret.ts';
import type { Change, Finding, Identified, RecordedChange } from './change.ts';
import type { Begun, Idempotency, Intent, Journal, Outcome, RecordedSubmission } from './journal.ts';

export interface Submission<Request extends object, Options extends string> {
  readonly requestId: string;
  readonly person: Pick<Identity, 'id' | 'name'>;
  readonly accountId: string;
  readonly resource: Omit<Intent['resource'], 'kind'>;
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
  readonly action: AuditAction;
  /** Waits for one that is under way, and looks for one whose outcome is not known. */
  response(): Promise<ApiResponse>;
}

export interface Submissions {
  submit<Request extends object, Options extends string>(
    change: Change<Request, Options>,
    submission: Submission<Request, Options>,
  ): Promise<Submitted>;
  /** What was sent under this key, if anything was. */
  find(idempotencyKey: string): Promise<FoundSubmission | undefined>;
  /** Looks for what has no known outcome, as after a crash; what it cannot look for stays as it is. */
  settle(): Promise<void>;
}

export interface SubmissionsOptions {
  readonly journal: Journal;
  /** Every change that can be submitted. */
  readonly changes: readonly RecordedChange[];
  readonly log: FastifyBaseLogger;
  /** What fingerprints are made with. With another one, every key used before counts as used for something else. */
  readonly secret: Secret;
  /** Told of every outcome. */
  readonly onOutcome?: ((action: AuditAction, result: AuditResult) => void) | undefined;
}

export function createSubmissions({ journal, changes, log, secret, onOutcome }: SubmissionsOptions): Submissions {
  const fingerprintOf = fingerprints(secret);
  /** By idempotency key, what is being sent or looked for: another request with the same key waits for it. */
  const underWay = new Map<string, () => Promise<ApiResponse>>();

  function runUnderKey<Result extends { readonly response: ApiResponse }>(
    key: string | undefined,
    run: () => Promise<Result>,
  ): Promise<Result> {
    if (key === undefined) return run();
    const running = run().finally(() => underWay.delete(key));
    underWay.set(key, async () => (await running).response);
    return running;
  }

  async function send<Request extends object, Options extends string>(
    change: Change<Request, Options>,
    submission: Submission<Request, Options>,
    { id, recorded, isKeyed }: { readonly id: number; readonly recorded: object; readonly isKeyed: boolean },
  ): Promise<Submitted> {
    const { accountId, options, validateOnly } = submission;
    const action = validateOnly ? 'validate' : change.action;
    const startedAt = new Date();
    const record = (response: ApiResponse, result: AuditResult, reconciled: boolean, resource?: Identified) =>
      recordOutcome(id, action, {
        ...outcomeOf(response, result, resource),
        durationMs: Date.now() - startedAt.getTime(),
        reconciled,
        response: isKeyed ? response : undefined,
      });
    try {
      const { upstream, resource } = await call(change, submission);
      const open = change.respond(upstream);
      const finding =
        !validateOnly && isAmbiguous(upstream)
          ? await lookFor(change, accountId, options, { request: recorded, startedAt })
          : undefined;
      const response = finding?.respond(open) ?? open;
      const result = finding?.result ?? resultOf(change, upstream, validateOnly);
      await record(response, result, finding !== undefined, finding === undefined ? resource : finding.resource);
      return { response, isReplay: false, upstream, result };
    } catch (error) {
      // A bug: whatever it was, the request may have been sent.
      await record(failure('internal', 'this server failed'), validateOnly ? 'not-validated' : 'unknown', false);
      throw error;
    }
  }

  /** An outcome that cannot be recorded is told all the same: the next start finds the intent without one, and looks. */
  async function recordOutcome(id: number, action: AuditAction, outcome: Outcome): Promise<void> {
    onOutcome?.(action, outcome.result);
    try {
      await journal.finish(id, outcome);
    } catch (error) {
      log.error({ err: error, entryId: id, result: outcome.result }, 'an outcome could not be recorded');
    }
  }

  /** Records what a later look found, unless it found nothing out, which is recorded already. */
  async function recordFinding(
    change: RecordedChange,
    submission: RecordedSubmission,
    finding: Finding,
  ): Promise<ApiResponse> {
    const open = submission.response ?? change.interrupted;
    if (finding.result === 'unknown' && isOutcomeUnknown(open)) return open;
    const response = finding.respond(open);
    if (finding.result === 'unknown') return response;
    await recordOutcome(submission.entry.id, change.action, {
      ...outcomeOf(response, finding.result, finding.resource),
      reconciled: true,
      response: submission.idempotency && response,
    });
    return response;
  }

  /** The first outcome of a submission, or where that is not known, what a look finds now. */
  function outcomeNow(change: RecordedChange, submission: RecordedSubmission): Promise<ApiResponse> {
    const key = submission.idempotency?.key;
    const running = key === undefined ? undefined : underWay.get(key);
    if (running !== undefined) return running();
    const { entry, response, options } = submission;
    if (response !== undefined && entry.outcome?.result !== 'unknown') return Promise.resolve(response);
    const look = async () => {
      const finding = await lookFor(change, entry.accountId, options, sentChange(submission));
      return { response: await recordFinding(change, submission, finding) };
    };
    return runUnderKey(key, look).then(({ response: found }) => found);
  }

  function changeOf({ entry }: RecordedSubmission): RecordedChange | undefined {
    return changes.find(({ resourceKind, action }) => resourceKind === entry.resource.kind && action === entry.action);
  }

  return {
    async submit(change, submission) {
      const { idempotencyKey: key, validateOnly, request } = submission;
      const idempotency: Idempotency | undefined =
        key === undefined || validateOnly ? undefined : { key, fingerprint: fingerprintOf(submission) };
      const recorded = change.toRecord(request);
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
      const { first } = begun;
      const isSame = first.idempotency?.fingerprint === idempotency?.fingerprint && changeOf(first) === change;
      if (isSame) return { response: await outcomeNow(change, first), isReplay: true };
      const message =
        'this Idempotency-Key was used for another request, or before the API token changed; nothing was sent for this one';
      return { response: failure('idempotencyKeyReused', message), isReplay: false };
    },

    async find(key) {
      const submission = await journal.find(key);
      const change = submission && changeOf(submission);
      if (submission === undefined || change === undefined) return undefined;
      const { accountId } = submission.entry;
      const { resourceKind, action } = change;
      return { accountId, resourceKind, action, response: () => outcomeNow(change, submission) };
    },

    async settle() {
      const unsettled = await journal.unsettled();
      for (const change of changes) {
        const groups = Map.groupBy(
          unsettled.filter((submission) => changeOf(submission) === change),
          ({ entry, options }) => JSON.stringify([entry.accountId, options]),
        );
        for (const group of groups.values()) {
          const [first] = group;
          if (first === undefined) continue;
          const findings = await change.reconcile(first.entry.accountId, first.options, group.map(sentChange));
          for (const [index, submission] of group.entries()) {
            await recordFinding(change, submission, findings[index] ?? NOT_FOUND_OUT);
          }
          const { resourceKind, action } = change;
          const found = Map.groupBy(findings, ({ result }) => result);
          const counts = Object.fromEntries([...found].map(([result, { length }]) => [result, length]));
          log.warn({ resourceKind, action, found: counts }, 'looked for what was sent without a known outcome');
        }
      }
    },
  };
}

/** Sends the change, or has it validated. */
async function call<Request extends object, Options extends string>(
  change: Change<Request, Options>,
  { accountId, request, options, validateOnly }: Submission<Request, Options>,
): Promise<{ readonly upstream: UpstreamResponse; readonly resource?: Identified }> {
  if (validateOnly) return { upstream: await change.validate(accountId, request, options) };
  const upstream = await change.send(accountId, request, options);
  return upstream.kind === 'response' && upstream.success ? { upstream, resource: upstream.result } : { upstream };
}

const NOT_FOUND_OUT: Finding = { result: 'unknown', respond: (open) => open };

async function lookFor(
  change: RecordedChange,
  accountId: string,
  options: string,
  sent: { readonly request: object; readonly startedAt: Date },
): Promise<Finding> {
  const [finding] = await change.reconcile(accountId, options, [sent]);
  return finding ?? NOT_FOUND_OUT;
}

function intentOf(
  change: RecordedChange,
  submission: Submission<object, string>,
  request: object,
  idempotency: Idempotency | undefined,
): Intent {
  const { requestId, person, accountId, resource, options, validateOnly } = submission;
  return {
    ...{ requestId, person, accountId, request, options, idempotency },
    action: validateOnly ? 'validate' : change.action,
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

function sentChange({ entry }: RecordedSubmission) {
  return { request: entry.request, startedAt: new Date(entry.at) };
}

/** How a call that was not looked into stands in the audit log. */
function resultOf({ results }: RecordedChange, upstream: UpstreamResponse, isValidation: boolean): AuditResult {
  if (upstream.kind === 'response' && upstream.success) return isValidation ? 'validated' : results.done;
  const isRefused =
    'status' in upstream && (upstream.kind === 'response' ? upstream.status < 500 : upstream.status === 429);
  if (isRefused) return 'refused';
  return isValidation ? 'not-validated' : results.notDone;
}

function outcomeOf({ status, envelope, cfRay }: ApiResponse, result: AuditResult, resource: Identified | undefined) {
  return { result, status, codes: envelope.errors.map(({ code }) => code), cfRay, resourceId: resource?.id };
}

function isOutcomeUnknown({ envelope }: ApiResponse): boolean {
  return envelope.errors[0]?.code === ERRORS.outcomeUnknown.code;
}
