// A create or a validation from its intent to its outcome: recorded before it leaves, sent once, and never left open.

import { createHmac, hkdfSync } from 'node:crypto';
import type { AuditAction, AuditResult } from '@tunnel-desk/shared/api/audit';
import type { CreateOutcome } from '@tunnel-desk/shared/api/creates';
import { ERRORS, mayHaveCreated } from '@tunnel-desk/shared/api/errors';
import type { CreateIpsecTunnelRequest, IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { createdTunnelSchema, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { FastifyBaseLogger } from 'fastify';
import type { AuditTrail, Idempotency, Intent, Outcome, RecordedCreate } from '../audit/trail.ts';
import type { Identity } from '../auth/identity.ts';
import type { CloudflareClient } from '../cloudflare/client.ts';
import { isAmbiguous, type Reconciliation, reconcile } from '../cloudflare/reconcile.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import { type ApiResponse, failure } from '../http/response.ts';
import type { Secret } from '../secret.ts';
import { INTERRUPTED, responseTo, responseToReconciled } from './responses.ts';

export interface Submission {
  readonly requestId: string;
  readonly person: Pick<Identity, 'id' | 'name'>;
  readonly accountId: string;
  readonly request: CreateIpsecTunnelRequest;
  readonly validateOnly: boolean;
  readonly healthCheckTarget: IpsecTunnelRules['healthCheckTarget'];
  /** Of no use to a validation, which may be repeated as it is. */
  readonly idempotencyKey: string | undefined;
}

export interface Submitted {
  readonly answer: ApiResponse;
  /** Whether the answer is that of an earlier submission under the same key: nothing was sent for this one. */
  readonly isReplay: boolean;
  /** How the call to Cloudflare ended, where there was one. */
  readonly upstream?: UpstreamResponse;
  /** How it stands in the audit trail, where it does. */
  readonly result?: AuditResult;
}

export interface FoundCreate {
  readonly accountId: string;
  /** Waits for a create that is on its way, and looks for one whose outcome is not known. */
  outcome(): Promise<CreateOutcome>;
}

export interface Submissions {
  submit(submission: Submission): Promise<Submitted>;
  /** The create sent under this key, if there was one. */
  find(idempotencyKey: string): FoundCreate | undefined;
  /** Looks for the creates whose outcome nobody knows, as after a crash; those it cannot look for stay as they are. */
  settle(): Promise<void>;
}

export interface SubmissionsOptions {
  readonly cloudflare: Pick<CloudflareClient, 'createIpsecTunnel' | 'validateIpsecTunnel' | 'listIpsecTunnels'>;
  readonly trail: AuditTrail;
  readonly log: FastifyBaseLogger;
  /** What fingerprints are made with. With another one, every key used before counts as used for something else. */
  readonly secret: Secret;
  /** Told of every outcome. */
  readonly onOutcome?: ((action: AuditAction, result: AuditResult) => void) | undefined;
}

/** A create under an idempotency key, on its way or ended. */
interface KeyedCreate {
  readonly fingerprint: string;
  readonly accountId: string;
  outcome(): Promise<ApiResponse>;
}

export function createSubmissions({ cloudflare, trail, log, secret, onOutcome }: SubmissionsOptions): Submissions {
  const fingerprintOf = fingerprints(secret);
  const underWay = new Map<string, KeyedCreate>();

  async function send(submission: Submission, idempotency?: Idempotency): Promise<Submitted> {
    const { requestId, person, accountId, request, validateOnly, healthCheckTarget } = submission;
    const { psk: _, ...recorded } = request;
    const action = validateOnly ? 'validate' : 'create';
    let entryId: number;
    try {
      const intent: Intent = {
        requestId,
        person,
        accountId,
        action,
        request: recorded,
        healthCheckTarget,
        idempotency,
      };
      entryId = await trail.begin(intent);
    } catch (error) {
      return notRecorded(error);
    }
    const startedAt = new Date();
    const record = (answer: ApiResponse, result: AuditResult, reconciled: boolean, tunnel?: IpsecTunnel) =>
      recordOutcome(entryId, action, {
        ...outcomeOf(answer, result, tunnel),
        durationMs: Date.now() - startedAt.getTime(),
        reconciled,
        answer: idempotency && answer,
      });
    try {
      const { upstream, tunnel } = await call(submission);
      const found =
        !validateOnly && isAmbiguous(upstream)
          ? await lookFor({ request, startedAt }, accountId, healthCheckTarget)
          : undefined;
      const answer = found ? responseToReconciled(found, responseTo(upstream)) : responseTo(upstream);
      const result = found?.kind ?? resultOf(upstream, action);
      await record(answer, result, found !== undefined, found?.kind === 'created' ? found.tunnel : tunnel);
      return { answer, isReplay: false, upstream, result };
    } catch (error) {
      // A bug: whatever it was, the create may have left.
      await record(failure('internal', 'this server failed'), validateOnly ? 'not-validated' : 'unknown', false);
      throw error;
    }
  }

  async function call({ accountId, request, validateOnly, healthCheckTarget }: Submission) {
    if (validateOnly) {
      return { upstream: await cloudflare.validateIpsecTunnel(accountId, request, { healthCheckTarget }) };
    }
    const upstream = await cloudflare.createIpsecTunnel(accountId, request, { healthCheckTarget });
    return upstream.kind === 'response' && upstream.success ? { upstream, tunnel: upstream.result } : { upstream };
  }

  async function lookFor(
    sent: { readonly request: RecordedCreate['entry']['request']; readonly startedAt: Date },
    accountId: string,
    healthCheckTarget: IpsecTunnelRules['healthCheckTarget'],
  ): Promise<Reconciliation> {
    const [found] = await reconcile(cloudflare, accountId, [sent], { healthCheckTarget });
    return found ?? { kind: 'unknown' };
  }

  function notRecorded(error: unknown): Submitted {
    log.error({ err: error }, 'the audit trail cannot be used');
    const answer = failure('auditUnavailable', 'this desk cannot record what it does, so nothing was sent');
    return { answer, isReplay: false };
  }

  /** An outcome that cannot be recorded is answered all the same: the next start finds the intent open, and looks. */
  async function recordOutcome(entryId: number, action: AuditAction, outcome: Outcome): Promise<void> {
    onOutcome?.(action, outcome.result);
    try {
      await trail.finish(entryId, outcome);
    } catch (error) {
      log.error({ err: error, entryId, result: outcome.result }, 'an outcome could not be recorded');
    }
  }

  /** Takes down what a later look found. That it found nothing out is on record already. */
  async function recordFound(create: RecordedCreate, found: Reconciliation): Promise<ApiResponse> {
    const lost = create.answer ?? INTERRUPTED;
    if (found.kind === 'unknown' && isOutcomeUnknown(lost)) return lost;
    const answer = responseToReconciled(found, lost);
    if (found.kind === 'unknown') return answer;
    const tunnel = found.kind === 'created' ? found.tunnel : undefined;
    const outcome = {
      ...outcomeOf(answer, found.kind, tunnel),
      reconciled: true,
      answer: create.idempotency && answer,
    };
    await recordOutcome(create.entry.id, 'create', outcome);
    return answer;
  }

  /** The first outcome of a create, or where that left it open, what a look finds now. */
  async function outcomeNow(create: RecordedCreate): Promise<ApiResponse> {
    const { entry, answer, healthCheckTarget } = create;
    if (answer !== undefined && entry.outcome?.result !== 'unknown') return answer;
    return recordFound(create, await lookFor(sentCreate(create), entry.accountId, healthCheckTarget));
  }

  /** Runs under its key, so that whoever comes with the same key meanwhile waits for its outcome. */
  function runUnderKey<Result extends { readonly answer: ApiResponse }>(
    key: string,
    create: Omit<KeyedCreate, 'outcome'>,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const running = run().finally(() => underWay.delete(key));
    underWay.set(key, { ...create, outcome: async () => (await running).answer });
    return running;
  }

  /** The create of this key that is on its way, or else the one on record. */
  function known(key: string): KeyedCreate | undefined {
    const running = underWay.get(key);
    if (running !== undefined) return running;
    const recorded = trail.findCreate(key);
    if (recorded?.idempotency === undefined) return undefined;
    const create = { fingerprint: recorded.idempotency.fingerprint, accountId: recorded.entry.accountId };
    const look = async () => ({ answer: await outcomeNow(recorded) });
    return { ...create, outcome: async () => (await runUnderKey(key, create, look)).answer };
  }

  return {
    async submit(submission) {
      const { idempotencyKey: key, accountId, validateOnly } = submission;
      if (key === undefined || validateOnly) return send(submission);
      const fingerprint = fingerprintOf(submission);
      let first: KeyedCreate | undefined;
      try {
        first = known(key);
      } catch (error) {
        return notRecorded(error);
      }
      if (first === undefined) {
        return runUnderKey(key, { fingerprint, accountId }, () => send(submission, { key, fingerprint }));
      }
      if (first.fingerprint === fingerprint) return { answer: await first.outcome(), isReplay: true };
      const message =
        'this Idempotency-Key was used for another create, or before the API token changed; nothing was sent for this one';
      return { answer: failure('idempotencyKeyReused', message), isReplay: false };
    },

    find(key) {
      const create = known(key);
      return create && { accountId: create.accountId, outcome: async () => createOutcome(await create.outcome()) };
    },

    async settle() {
      const groups = Map.groupBy(
        trail.unsettledCreates(),
        ({ entry, healthCheckTarget }) => `${entry.accountId} ${healthCheckTarget}`,
      );
      for (const creates of groups.values()) {
        const [first] = creates;
        if (first === undefined) continue;
        const { entry, healthCheckTarget } = first;
        const found = await reconcile(cloudflare, entry.accountId, creates.map(sentCreate), { healthCheckTarget });
        for (const [index, create] of creates.entries()) {
          await recordFound(create, found[index] ?? { kind: 'unknown' });
        }
        const count = (kind: Reconciliation['kind']) => found.filter((each) => each.kind === kind).length;
        log.warn(
          { created: count('created'), notCreated: count('not-created'), unknown: count('unknown') },
          'looked for creates whose outcome was not known',
        );
      }
    },
  };
}

/**
 * Tells the same create of the same person from any other. Keyed, because a plain hash would let whoever reads the audit
 * trail guess at pre-shared keys.
 */
function fingerprints(secret: Secret): (submission: Submission) => string {
  const key = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'tunnel-desk idempotency', 32));
  return ({ person, accountId, healthCheckTarget, request }) =>
    createHmac('sha256', key)
      .update(JSON.stringify([person.id, accountId, healthCheckTarget, request]))
      .digest('base64url');
}

function sentCreate({ entry }: RecordedCreate) {
  return { request: entry.request, startedAt: new Date(entry.at) };
}

/** How a call that was not looked into stands in the audit trail. */
function resultOf(upstream: UpstreamResponse, action: AuditAction): AuditResult {
  const isValidation = action === 'validate';
  if (upstream.kind === 'response' && upstream.success) return isValidation ? 'validated' : 'created';
  const isRefusal =
    'status' in upstream && (upstream.kind === 'response' ? upstream.status < 500 : upstream.status === 429);
  if (isRefusal) return 'refused';
  return isValidation ? 'not-validated' : 'not-created';
}

function outcomeOf({ status, envelope, cfRay }: ApiResponse, result: AuditResult, tunnel: IpsecTunnel | undefined) {
  return { result, status, codes: envelope.errors.map(({ code }) => code), cfRay, tunnelId: tunnel?.id };
}

/** Reads the tunnel from the response, because a recorded one comes from the trail as JSON. */
function createOutcome({ status, envelope }: ApiResponse): CreateOutcome {
  const tunnel = envelope.success ? createdTunnelSchema.safeParse(envelope.result).data : undefined;
  if (tunnel !== undefined) return { kind: 'created', tunnel };
  return { kind: mayHaveCreated({ status, code: envelope.errors[0]?.code }) ? 'unknown' : 'not-created' };
}

function isOutcomeUnknown({ envelope }: ApiResponse): boolean {
  return envelope.errors[0]?.code === ERRORS.outcomeUnknown.code;
}
