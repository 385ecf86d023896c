// Settles what was sent and got no usable response: looks for it at growing intervals, says that it was done the moment it
// is found, and that it was not only when the settle time is over and a complete list does not have it.

import { setTimeout as delay } from 'node:timers/promises';
import type { AuditResult } from '@tunnel-desk/shared/api/audit';
import { CHANGES } from '@tunnel-desk/shared/api/changes';
import type { OpenOutcome } from '@tunnel-desk/shared/api/submissions';
import type { FastifyBaseLogger } from 'fastify';
import type { ApiResponse } from '../http/response.ts';
import type { Candidate, Look, RecordedChange, SentChange, Trace } from './change.ts';
import type { Journal, Outcome, RecordedSubmission, ResourceAfter } from './journal.ts';

/** A submission that was sent and whose outcome is not known. */
export interface OpenSubmission {
  /** Of its entry in the journal. */
  readonly id: number;
  readonly change: RecordedChange;
  readonly accountId: string;
  readonly name: string;
  readonly sent: SentChange;
  /** What came in place of a usable response. */
  readonly response: ApiResponse;
  /** Whether its response is kept for its idempotency key. */
  readonly isKeyed: boolean;
  /** Equal for submissions of which it does not matter which one made a resource. */
  readonly fingerprint: string | undefined;
}

/** What is known of it by now. */
export interface Settlement {
  readonly submission: OpenSubmission;
  /** Absent while the outcome is not known. */
  readonly decided: Decided | undefined;
  /** What to tell of it now. */
  respond(): ApiResponse;
  known(): OpenOutcome;
}

interface Decided {
  readonly response: ApiResponse;
  readonly outcome: Outcome;
}

interface Open extends Settlement {
  /** From when on its absence is final, by the clock of `performance.now()`. */
  readonly settledAt: number;
  readonly until: Date;
  decided: Decided | undefined;
  lookedAt: Date | undefined;
  found: string | undefined;
}

/** What one account has open, and when it is looked at next. */
interface OpenAccount {
  readonly open: Map<number, Open>;
  readonly change: RecordedChange;
  readonly accountId: string;
  intervalMs: number;
  /** Whether the last look saw anything. */
  couldLook: boolean;
  timer: NodeJS.Timeout | undefined;
  running: Promise<void> | undefined;
  queued: Promise<void> | undefined;
}

export interface Settler {
  /** Announces what is about to be sent: until it has ended, what it makes must not be taken for another's. */
  began(id: number, flight: Flight): void;
  ended(id: number): void;
  /** Notes whose resource this is while that is not in the journal; the function forgets it again. */
  claim(resourceId: string, id: number): () => void;
  /** Takes over what has no known outcome, as of now. */
  open(submission: OpenSubmission): Settlement;
  /** Takes over an outcome that could not be recorded, to record it as soon as that is possible. */
  keep(submission: OpenSubmission, decided: Decided): void;
  /** Takes over what the journal has as open, also from an earlier run; `undefined` where its account is not served. */
  adopt(recorded: RecordedSubmission, change: RecordedChange): Settlement | undefined;
  find(id: number): Settlement | undefined;
  /** What was sent earlier, asks for the same, and has no known outcome so far, oldest first. */
  like(change: RecordedChange, accountId: string, request: object): readonly (Settlement | Flight)[];
  /** Looks a few times, a moment apart, within the time limit of one call. */
  lookFirst(settlements: readonly Settlement[]): Promise<void>;
  /** Looks once; fulfilled when that is done or takes long. */
  look(settlement: Settlement): Promise<void>;
  /** Takes over what earlier runs left open, and goes on until it is told to stop. */
  start(): void;
  /** Whoever looks first or waits is through with it after one more look. */
  hurry(): void;
  /** Fulfilled once nothing of it is under way. */
  stop(): Promise<void>;
}

export interface Flight {
  readonly change: RecordedChange;
  readonly accountId: string;
  readonly name: string;
  readonly sent: SentChange;
}

export interface SettlerOptions {
  readonly journal: Journal;
  readonly changes: readonly RecordedChange[];
  readonly log: FastifyBaseLogger;
  /** The only accounts that are ever called. */
  readonly accountIds: readonly string[];
  /** How long a change is looked for before its absence is final, in milliseconds. */
  readonly settleMs: number;
  /** For one look, and for the first ones together, in milliseconds. */
  readonly lookLimitMs: number;
  readonly onOutcome: (change: RecordedChange, result: AuditResult) => void;
}

/** Before each of the first looks, in milliseconds: a request that was on its way may still arrive. */
const FIRST_PAUSES_MS = [0, 500, 1000];
/** Between later looks, in milliseconds: the first interval, by what it grows, and how far. */
const FIRST_INTERVAL_MS = 3000;
const INTERVAL_GROWTH = 1.5;
const LONGEST_INTERVAL_MS = 300_000;
/** How long somebody who asks is kept waiting for a look, in milliseconds. */
export const LONGEST_WAIT_MS = 2000;

export function createSettler(options: SettlerOptions): Settler {
  const { journal, changes, log, settleMs, lookLimitMs, onOutcome } = options;
  const served = new Set(options.accountIds);
  const accounts = new Map<string, OpenAccount>();
  const inFlight = new Map<number, Flight>();
  const claims = new Map<string, number>();
  const hurried = new AbortController();
  let startTimer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function accountOf(change: RecordedChange, accountId: string): OpenAccount {
    const key = `${change.resourceKind} ${change.action} ${accountId}`;
    const known = accounts.get(key);
    if (known !== undefined) return known;
    const account: OpenAccount = {
      ...{ open: new Map(), change, accountId, intervalMs: FIRST_INTERVAL_MS, couldLook: false },
      ...{ timer: undefined, running: undefined, queued: undefined },
    };
    accounts.set(key, account);
    return account;
  }

  function add(submission: OpenSubmission, remainingMs: number): Open {
    const account = accountOf(submission.change, submission.accountId);
    const open: Open = {
      submission,
      settledAt: performance.now() + remainingMs,
      until: new Date(Date.now() + remainingMs),
      decided: undefined,
      lookedAt: undefined,
      found: undefined,
      known: () => knownOf(open),
      respond: () => open.decided?.response ?? submission.change.respondOpen(submission.response, knownOf(open)),
    };
    account.open.set(submission.id, open);
    account.intervalMs = FIRST_INTERVAL_MS;
    schedule(account);
    return open;
  }

  function schedule(account: OpenAccount): void {
    clearTimeout(account.timer);
    account.timer = undefined;
    if (isStopped || account.open.size === 0) return;
    const now = performance.now();
    const toFinal = [...account.open.values()].map(({ settledAt }) => settledAt - now).filter((ms) => ms > 0);
    const wait = Math.ceil(Math.min(account.intervalMs, ...toFinal)) + 1;
    account.timer = setTimeout(() => {
      account.intervalMs = Math.min(account.intervalMs * INTERVAL_GROWTH, LONGEST_INTERVAL_MS);
      lookAt(account).finally(() => schedule(account));
    }, wait);
    // A desk that stops does not wait for it.
    account.timer.unref();
  }

  /** Looks once at an account, from now on: a look that is under way may have been too early for what is asked. */
  function lookAt(account: OpenAccount): Promise<void> {
    if (account.running === undefined) {
      account.running = run(account).finally(() => {
        account.running = undefined;
      });
      return account.running;
    }
    account.queued ??= account.running.then(() => {
      account.queued = undefined;
      return lookAt(account);
    });
    return account.queued;
  }

  /** Never rejects. */
  async function run(account: OpenAccount): Promise<void> {
    try {
      await recordAgain(account);
      if (undecidedIn(account).length === 0) return;
      const startedAt = performance.now();
      const sent = undecidedIn(account).map(({ submission }) => submission.sent);
      const look = await account.change.look(account.accountId, sent, lookLimitMs);
      account.couldLook = look !== undefined;
      if (look !== undefined && !isStopped) await settle(account, look, startedAt);
    } catch (error) {
      if (!isStopped) log.error({ err: error, accountId: account.accountId }, 'what was sent could not be looked for');
    }
    const { change, accountId, open } = account;
    log.debug(
      { resourceKind: change.resourceKind, action: change.action, accountId, open: open.size },
      'looked for what was sent without a known outcome',
    );
  }

  async function settle(account: OpenAccount, look: Look, startedAt: number): Promise<void> {
    const everything = undecidedIn(account).map((open) => ({
      open,
      trace: look.traceOf(open.submission.sent, () => false),
    }));
    const ids = everything.flatMap(({ trace }) => candidatesIn(trace).map(({ id }) => id));
    const claimed: ReadonlySet<string> = ids.length === 0 ? new Set() : await journal.claimed(ids);
    const traces = undecidedIn(account).map((open) => ({
      open,
      trace: look.traceOf(open.submission.sent, (resourceId) => {
        const owner = claims.get(resourceId);
        return owner === undefined ? claimed.has(resourceId) : owner !== open.submission.id;
      }),
    }));
    for (const { open, trace } of traces) await settleOne(open, trace, traces, startedAt);
  }

  async function settleOne(open: Open, trace: Trace, traces: readonly Traced[], lookStartedAt: number): Promise<void> {
    const { change, response } = open.submission;
    if (trace.kind !== 'unseen') open.found = undefined;
    switch (trace.kind) {
      case 'found':
        return settleFound(open, trace.candidates, traces);
      case 'done':
        await record(open, decide(open, CHANGES[change.action].results.done, trace.respond(response)));
        return undefined;
      case 'absent':
        return settleAbsent(open, lookStartedAt);
      case 'other':
        open.found = trace.found;
        // It is on record as unknown, and no later look would tell more.
        if (trace.isFinal && lookStartedAt >= open.settledAt) forget(open);
        return undefined;
      case 'unseen':
        return undefined;
    }
  }

  async function settleAbsent(open: Open, lookStartedAt: number): Promise<void> {
    open.lookedAt = new Date();
    if (lookStartedAt < open.settledAt) return;
    const { change, response } = open.submission;
    await record(open, decide(open, CHANGES[change.action].results.notDone, change.respondNotDone(response)));
  }

  async function settleFound(open: Open, candidates: readonly Candidate[], traces: readonly Traced[]): Promise<void> {
    const { id, change, response, name, fingerprint } = open.submission;
    const [candidate, another] = candidates;
    if (candidate === undefined) return;
    if (another !== undefined) {
      open.found = `There are ${candidates.length} of the name ${name} with these values, and only one can be this one.`;
      return;
    }
    const isOwn = claims.get(candidate.id) === id;
    if (!isOwn && isBeingMade(open)) {
      open.found = `There is one of the name ${name} with these values, which another create that is under way may have made.`;
      return;
    }
    const rivals = traces.filter(
      ({ open: other, trace }) =>
        other !== open && other.decided === undefined && candidatesIn(trace).some((each) => each.id === candidate.id),
    );
    const isSameToAll =
      fingerprint !== undefined && rivals.every(({ open: { submission } }) => submission.fingerprint === fingerprint);
    if (!isOwn && rivals.length > 0 && !isSameToAll) {
      open.found = `There is one of the name ${name} with these values, which another create of the same name may have made.`;
      return;
    }
    if ((claims.get(candidate.id) ?? id) !== id) return;
    claims.set(candidate.id, id);
    const decided = decide(open, CHANGES[change.action].results.done, candidate.respond(response), candidate.id);
    if (!(await record(open, decided))) claims.delete(candidate.id);
  }

  /** Whether another submission of the name is on its way, whose response will say what it made. */
  function isBeingMade({ submission: { id, change, accountId, name } }: Open): boolean {
    return [...inFlight].some(
      ([otherId, other]) =>
        otherId !== id && other.change === change && other.accountId === accountId && other.name.trim() === name.trim(),
    );
  }

  /** False where the resource turns out to be another's. What cannot be written down is told all the same. */
  async function record(open: Open, decided: Decided): Promise<boolean> {
    const { id, change, accountId } = open.submission;
    const { result } = decided.outcome;
    let isRecorded = false;
    try {
      if (!(await write(id, decided.outcome))) return false;
      isRecorded = true;
    } catch (error) {
      log.error({ err: error, entryId: id, result }, CANNOT_RECORD);
    }
    open.decided = decided;
    onOutcome(change, result);
    log.warn({ accountId, entryId: id, result }, 'found out how a submission ended');
    if (isRecorded) forget(open);
    return true;
  }

  async function write(id: number, outcome: Outcome): Promise<boolean> {
    const { resourceId } = outcome;
    if (resourceId !== undefined) return journal.claim(id, { ...outcome, resourceId });
    await journal.finish(id, outcome);
    return true;
  }

  /** What is known and could not be written down, as while the disk was full. */
  async function recordAgain({ open }: OpenAccount): Promise<void> {
    for (const each of open.values()) {
      if (each.decided === undefined) continue;
      const { id } = each.submission;
      try {
        await write(id, each.decided.outcome);
        forget(each);
      } catch (error) {
        log.debug({ err: error, entryId: id }, CANNOT_RECORD);
      }
    }
  }

  function forget({ submission, decided }: Open): void {
    accountOf(submission.change, submission.accountId).open.delete(submission.id);
    const resourceId = decided?.outcome.resourceId;
    if (resourceId !== undefined && claims.get(resourceId) === submission.id) claims.delete(resourceId);
  }

  function find(id: number): Open | undefined {
    for (const { open } of accounts.values()) {
      const found = open.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function adopt(recorded: RecordedSubmission, change: RecordedChange): Open | undefined {
    const { entry, options: callOptions, idempotency, response } = recorded;
    if (!served.has(entry.accountId)) return undefined;
    const known = find(entry.id);
    if (known !== undefined) return known;
    // Given up when its outcome was recorded as unknown, or at the latest when the next start marked it as interrupted.
    const sinceGivenUp = entry.outcome === null ? 0 : Date.now() - Date.parse(entry.outcome.at);
    const remainingMs = Math.min(settleMs, Math.max(0, settleMs - sinceGivenUp));
    const submission = {
      ...{ id: entry.id, change, accountId: entry.accountId, name: entry.resource.name },
      sent: {
        resourceId: entry.resource.id ?? '',
        request: entry.request,
        before: entry.before,
        options: callOptions,
        startedAt: performance.now() - (Date.now() - Date.parse(entry.at)),
      },
      response: response ?? change.interrupted,
      isKeyed: idempotency !== undefined,
      fingerprint: idempotency?.fingerprint,
    };
    return add(submission, remainingMs);
  }

  /** Takes over what the journal has as open; again a little later as long as it cannot be read. */
  async function load(waitMs: number): Promise<void> {
    try {
      const unsettled = await journal.unsettled();
      if (isStopped) return;
      const notServed = unsettled.filter(({ entry }) => !served.has(entry.accountId)).length;
      if (notServed > 0) log.warn({ notServed }, 'submissions of accounts that are not served any more stay open');
      for (const recorded of unsettled) {
        const change = changes.find(
          ({ resourceKind, action }) =>
            resourceKind === recorded.entry.resource.kind && action === recorded.entry.action,
        );
        if (change !== undefined) adopt(recorded, change);
      }
      await Promise.all([...accounts.values()].map((account) => lookAt(account).finally(() => schedule(account))));
    } catch (error) {
      if (isStopped) return;
      log.error({ err: error }, 'what earlier runs left open cannot be read');
      startTimer = setTimeout(load, waitMs, Math.min(waitMs * INTERVAL_GROWTH, LONGEST_INTERVAL_MS));
      startTimer.unref();
    }
  }

  function lookWithin(settlement: Settlement, limitMs: number): Promise<void> {
    const { change, accountId } = settlement.submission;
    return within(limitMs, lookAt(accountOf(change, accountId)));
  }

  return {
    began: (id, flight) => void inFlight.set(id, flight),
    ended: (id) => void inFlight.delete(id),
    claim(resourceId, id) {
      claims.set(resourceId, id);
      return () => void (claims.get(resourceId) === id && claims.delete(resourceId));
    },
    open: (submission) => add(submission, settleMs),
    keep(submission, decided) {
      add(submission, 0).decided = decided;
    },
    adopt,
    find,
    like(change, accountId, request) {
      const isLike = (sent: SentChange) => change.repetition?.isSame(sent.request, request) ?? false;
      const flights = [...inFlight.values()].filter((flight) => flight.change === change);
      return [
        ...undecidedIn(accountOf(change, accountId)).filter(({ submission }) => isLike(submission.sent)),
        ...flights.filter((flight) => flight.accountId === accountId && isLike(flight.sent)),
      ];
    },
    async lookFirst(settlements) {
      const deadline = performance.now() + lookLimitMs;
      for (const pause of FIRST_PAUSES_MS) {
        const [first] = settlements.filter(({ decided }) => decided === undefined);
        if (first === undefined || performance.now() + pause >= deadline) return;
        if (pause > 0 && hurried.signal.aborted) return;
        await delay(pause, undefined, { signal: hurried.signal }).catch(() => undefined);
        if (first.decided !== undefined) continue;
        await lookWithin(first, deadline - performance.now());
        // Where nobody may list, or Cloudflare is down, a moment more does not help.
        const { change, accountId } = first.submission;
        if (!accountOf(change, accountId).couldLook) return;
      }
    },
    look: (settlement) => lookWithin(settlement, LONGEST_WAIT_MS),
    start: () => void load(FIRST_INTERVAL_MS),
    hurry: () => hurried.abort(),
    async stop() {
      isStopped = true;
      clearTimeout(startTimer);
      for (const { timer } of accounts.values()) clearTimeout(timer);
      await Promise.all([...accounts.values()].map(({ running }) => running));
    },
  };
}

export const CANNOT_RECORD = 'an outcome could not be recorded';

interface Traced {
  readonly open: Open;
  readonly trace: Trace;
}

function undecidedIn({ open }: OpenAccount): Open[] {
  return [...open.values()].filter(({ decided }) => decided === undefined).sort(byAge);
}

/** What a look found out, as it is told and recorded. */
function decide({ submission }: Open, result: AuditResult, response: ApiResponse, resourceId?: string): Decided {
  const { change, sent, isKeyed } = submission;
  const durationMs = performance.now() - sent.startedAt;
  const after = afterIfDone(change, result, response, sent);
  const record = { durationMs, reconciled: true, response: isKeyed ? response : undefined, after };
  return { response, outcome: { ...outcomeFrom(response, result, resourceId), ...record } };
}

/** What the desk knows of the resource, where the result is that the change was done. */
export function afterIfDone(
  { action, after }: RecordedChange,
  result: AuditResult,
  response: ApiResponse,
  sent: SentChange,
): ResourceAfter | undefined {
  return result === CHANGES[action].results.done ? after?.(response, sent) : undefined;
}

/** What of a response is recorded in every outcome. */
export function outcomeFrom({ status, envelope, cfRay }: ApiResponse, result: AuditResult, resourceId?: string) {
  return { result, status, codes: envelope.errors.map(({ code }) => code), cfRay, resourceId };
}

function byAge(a: Open, b: Open): number {
  return a.submission.id - b.submission.id;
}

function candidatesIn(trace: Trace): readonly Candidate[] {
  return trace.kind === 'found' ? trace.candidates : [];
}

function knownOf({ lookedAt, until, settledAt, found }: Open): OpenOutcome {
  return {
    lookedAt: lookedAt?.toISOString(),
    // Afterwards the next complete list decides.
    until: settledAt > performance.now() ? until.toISOString() : undefined,
    found,
  };
}

/** Fulfilled with the work, or after this many milliseconds without it. */
export async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const timeUp = Promise.withResolvers<void>();
  const timer = setTimeout(timeUp.resolve, limitMs);
  await Promise.race([work, timeUp.promise]);
  clearTimeout(timer);
}
