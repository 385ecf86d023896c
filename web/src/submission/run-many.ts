// One change to many things, one after another or a few at a time: what became of each, with Pause and Stop, and at a pace
// that Cloudflare's limits allow. Nothing is sent twice, and what is not known is followed until it is.

import type { Failure, Outcome } from './outcome.ts';
import type { Found } from './outcome-check.ts';

/** What is done to each. */
export interface ManyTarget<Item, Result> {
  send(item: Item, idempotencyKey: string): Promise<Outcome<Result>>;
  /** What became of one whose outcome is not known. */
  find(item: Item, idempotencyKey: string): Promise<Found<unknown>>;
  /**
   * What it means that one was done whose response was lost: the result, where it can be told without the response;
   * `undefined` where it is gone with it.
   */
  resultOfFound(item: Item, found: unknown): Result | undefined;
}

export interface RunOptions<Item> {
  /** How many are under way at most. */
  readonly atOnce: number;
  /** Between two that are sent, in milliseconds, however soon they end. */
  readonly intervalMs: number;
  /** Whether it pauses as soon as one was not done. */
  readonly stopsAtFirstFailure: boolean;
  /**
   * Whether one that the desk has no record of is sent once more, under the same key: for where that key cannot do it
   * twice. Otherwise it is looked for on and on.
   */
  readonly resendsUnrecorded: boolean;
  /** Whether one is to be sent at all; the rest counts as stopped, until it is tried again. */
  readonly isWaiting: (item: Item) => boolean;
}

/** Time, and keys that nobody else has: given from outside, so that tests need not wait. */
export interface RunClock {
  /** In milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  newKey(): string;
}

/** What became of one. */
export type ManyState<Result> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'done'; readonly result: Result }
  /** It was done, and what its response alone would have told is lost. */
  | { readonly kind: 'lost' }
  /** Nothing was done. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Looking for it has shown that nothing was done. */
  | { readonly kind: 'not-done'; readonly failure: Failure }
  /** Not known yet. */
  | { readonly kind: 'unknown'; readonly failure: Failure }
  /** Never sent, because the run was stopped before. */
  | { readonly kind: 'stopped' };

export interface ManyEntry<Item, Result> {
  readonly item: Item;
  readonly state: ManyState<Result>;
}

export type RunPhase =
  | { readonly kind: 'running' }
  /** Cloudflare asked to wait until then, in milliseconds of the clock. */
  | { readonly kind: 'asked-to-wait'; readonly until: number }
  /** By the person, or by the run itself because of this failure. */
  | { readonly kind: 'paused'; readonly because: Failure | undefined }
  /** All have been sent that ever will be; what is not known may still become known. */
  | { readonly kind: 'ended' };

export interface ManyRunSnapshot<Item, Result> {
  readonly phase: RunPhase;
  readonly entries: readonly ManyEntry<Item, Result>[];
  /** How long the rest will take, in milliseconds; `undefined` before it can be told. */
  readonly timeLeftMs: number | undefined;
}

/** At most two requests a second: a tenth of what Cloudflare allows one person, who has other things to do beside. */
export const MIN_INTERVAL_MS = 500;
/** As many in a row whose outcome nobody knows mean that something else is wrong. */
const MOST_UNKNOWN_IN_A_ROW = 2;
const FIRST_LOOK_AFTER_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

const ONE_BY_ONE: RunOptions<unknown> = {
  atOnce: 1,
  intervalMs: MIN_INTERVAL_MS,
  stopsAtFirstFailure: false,
  resendsUnrecorded: false,
  isWaiting: () => true,
};

export class ManyRun<Item, Result> {
  readonly #target: ManyTarget<Item, Result>;
  readonly #clock: RunClock;
  readonly #listeners = new Set<() => void>();
  #options: RunOptions<Item>;
  #snapshot: ManyRunSnapshot<Item, Result>;
  #isDriven = false;
  #isStopped = false;
  #isLeft = false;
  #underWay = 0;
  #unknownInARow = 0;
  #sent = 0;
  #sendingMs = 0;
  /** When the next one may be sent, by the pace and by what Cloudflare asked for. */
  #paceAt = 0;
  #askedUntil = 0;
  #wake: () => void = () => undefined;
  /** The keys of those that are to be sent once more under the same one. */
  readonly #keptKeys = new Map<number, string>();

  constructor(
    items: readonly Item[],
    target: ManyTarget<Item, Result>,
    clock: RunClock,
    options: Partial<RunOptions<Item>> = {},
  ) {
    this.#target = target;
    this.#clock = clock;
    this.#options = { ...ONE_BY_ONE, ...options };
    const { isWaiting } = this.#options;
    this.#snapshot = {
      phase: { kind: 'running' },
      entries: items.map((item) => ({ item, state: { kind: isWaiting(item) ? 'waiting' : 'stopped' } })),
      timeLeftMs: undefined,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** As it is now; a new one with every change. */
  readonly snapshot = (): ManyRunSnapshot<Item, Result> => this.#snapshot;

  /** Begins, and returns once nothing more is to be sent. */
  async start(): Promise<void> {
    if (this.#isDriven) return;
    this.#isDriven = true;
    for (let index = this.#nextWaiting(); index !== undefined || this.#underWay > 0; index = this.#nextWaiting()) {
      if (index === undefined || this.#underWay >= this.#options.atOnce) await this.#woken();
      else if (!(await this.#mustWait())) void this.#send(index);
    }
    this.#isDriven = false;
    if (!this.#hasEnded()) this.#update({ phase: { kind: 'ended' } });
  }

  /** Changes how it goes on. */
  configure(options: Partial<Omit<RunOptions<Item>, 'isWaiting'>>): void {
    this.#options = { ...this.#options, ...options };
    this.#wake();
  }

  /**
   * Has one that was not done, or was never sent, tried again as this item. The run goes on with it where it had ended or
   * had paused by itself; where the person paused it, it stays so.
   */
  retry(index: number, item: Item): void {
    const kind = this.#snapshot.entries[index]?.state.kind;
    if (kind !== 'refused' && kind !== 'not-done' && kind !== 'stopped') return;
    this.#set(index, { kind: 'waiting' }, item);
    const { phase } = this.#snapshot;
    this.#isStopped = false;
    if (phase.kind === 'ended' || (phase.kind === 'paused' && phase.because !== undefined)) this.#goOn();
    void this.start();
  }

  /** Sends nothing more until {@link resume}; what is under way still ends. */
  pause(): void {
    if (this.#hasEnded()) return;
    this.#update({ phase: { kind: 'paused', because: undefined } });
    this.#wake();
  }

  resume(): void {
    if (this.#snapshot.phase.kind === 'paused') this.#goOn();
  }

  /** Sends nothing more at all. */
  stop(): void {
    if (this.#hasEnded()) return;
    const entries = this.#snapshot.entries.map(
      (entry): ManyEntry<Item, Result> =>
        entry.state.kind === 'waiting' ? { ...entry, state: { kind: 'stopped' } } : entry,
    );
    this.#isStopped = true;
    this.#update({ phase: { kind: 'ended' }, entries });
    this.#wake();
  }

  /** Nobody will see any more of it: what is not known is no longer followed. */
  leave(): void {
    this.stop();
    this.#isLeft = true;
  }

  /** From now on, or as soon as Cloudflare allows it. */
  #goOn(): void {
    this.#unknownInARow = 0;
    const isAsked = this.#askedUntil > this.#clock.now();
    this.#update({ phase: isAsked ? { kind: 'asked-to-wait', until: this.#askedUntil } : { kind: 'running' } });
    this.#wake();
  }

  async #send(index: number): Promise<void> {
    const startedAt = this.#clock.now();
    this.#paceAt = startedAt + this.#options.intervalMs;
    this.#underWay += 1;
    await this.#sendOne(index);
    this.#underWay -= 1;
    this.#sendingMs += this.#clock.now() - startedAt;
    this.#sent += 1;
    this.#update({});
    this.#wake();
  }

  async #sendOne(index: number): Promise<void> {
    const entry = this.#snapshot.entries[index];
    if (entry === undefined) return;
    const key = this.#keptKeys.get(index) ?? this.#clock.newKey();
    this.#keptKeys.delete(index);
    this.#set(index, { kind: 'sending' });
    const outcome = await this.#target.send(entry.item, key);
    if (outcome.kind === 'done') {
      this.#unknownInARow = 0;
      return this.#set(index, { kind: 'done', result: outcome.result });
    }
    // A validation, which no target sends.
    if (outcome.kind === 'validated') throw new Error('validated where it was to be sent');
    return this.#take(index, key, outcome);
  }

  /** Takes a failure: one that is not about this item alone holds the rest. */
  #take(index: number, key: string, failure: Failure): void {
    if (failure.effect === 'done') {
      this.#unknownInARow = 0;
      this.#set(index, { kind: 'lost' });
      return;
    }
    if (failure.effect === 'unknown') {
      this.#set(index, { kind: 'unknown', failure });
      void this.#follow(index, key, failure);
      this.#unknownInARow += 1;
      if (this.#unknownInARow >= MOST_UNKNOWN_IN_A_ROW) this.#hold({ kind: 'paused', because: failure });
      return;
    }
    this.#unknownInARow = 0;
    if (failure.needsSignIn || failure.isAboutAll) {
      this.#putBack(index);
      this.#hold({ kind: 'paused', because: failure });
    } else if (failure.retryAfterS !== undefined) {
      this.#putBack(index);
      this.#askedUntil = Math.max(this.#askedUntil, this.#clock.now() + failure.retryAfterS * 1000);
      this.#hold({ kind: 'asked-to-wait', until: this.#askedUntil });
    } else {
      this.#set(index, { kind: 'refused', failure });
      this.#notDone(failure);
    }
  }

  #notDone(failure: Failure): void {
    if (this.#options.stopsAtFirstFailure) this.#hold({ kind: 'paused', because: { ...failure, effect: 'none' } });
  }

  /** Nothing was done, and it is worth another try, under another key. */
  #putBack(index: number): void {
    this.#set(index, { kind: this.#isStopped ? 'stopped' : 'waiting' });
  }

  /** Looks for what became of it, at growing intervals, until it is known. */
  async #follow(index: number, key: string, failure: Failure): Promise<void> {
    const item = this.#snapshot.entries[index]?.item;
    for (let pauseMs = FIRST_LOOK_AFTER_MS; item !== undefined; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
      await this.#clock.sleep(pauseMs);
      if (this.#isLeft) return;
      const found = await this.#target.find(item, key);
      if (found.kind === 'not-done') {
        this.#set(index, { kind: 'not-done', failure });
        return this.#notDone(failure);
      }
      if (found.kind === 'absent' && this.#options.resendsUnrecorded) return this.#resend(index, key);
      if (found.kind === 'done' || found.kind === 'listed') {
        const result = this.#target.resultOfFound(item, found.result);
        return this.#set(index, result === undefined ? { kind: 'lost' } : { kind: 'done', result });
      }
    }
  }

  /** The desk never heard of it. */
  #resend(index: number, key: string): void {
    this.#keptKeys.set(index, key);
    this.#putBack(index);
    if (this.#isStopped) return;
    if (this.#hasEnded()) this.#goOn();
    this.#wake();
    void this.start();
  }

  #hold(phase: RunPhase): void {
    // Whoever paused or stopped it meanwhile has the last word.
    const { kind } = this.#snapshot.phase;
    if (kind === 'running' || kind === 'asked-to-wait') this.#update({ phase });
  }

  /** Waits for what has to be waited for before the next one, and says whether there was anything: look again then. */
  async #mustWait(): Promise<boolean> {
    const { phase } = this.#snapshot;
    if (phase.kind === 'paused') {
      await this.#woken();
      return true;
    }
    const ms = Math.max(this.#askedUntil, this.#paceAt) - this.#clock.now();
    if (ms > 0) await Promise.race([this.#clock.sleep(ms), this.#woken()]);
    else if (phase.kind === 'asked-to-wait') this.#update({ phase: { kind: 'running' } });
    return ms > 0;
  }

  /** Until something was pressed. */
  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #hasEnded(): boolean {
    return this.#snapshot.phase.kind === 'ended';
  }

  #nextWaiting(): number | undefined {
    const index = this.#snapshot.entries.findIndex(({ state }) => state.kind === 'waiting');
    return index === -1 ? undefined : index;
  }

  #set(index: number, state: ManyState<Result>, item?: Item): void {
    const entry = this.#snapshot.entries[index];
    if (entry === undefined) return;
    this.#update({ entries: this.#snapshot.entries.with(index, { item: item ?? entry.item, state }) });
  }

  #update(part: Partial<ManyRunSnapshot<Item, Result>>): void {
    const next = { ...this.#snapshot, ...part };
    this.#snapshot = { ...next, timeLeftMs: this.#timeLeft(next.entries) };
    for (const listener of this.#listeners) listener();
  }

  #timeLeft(entries: readonly ManyEntry<Item, Result>[]): number | undefined {
    if (this.#sent === 0) return undefined;
    const waiting = entries.reduce((count, { state }) => (state.kind === 'waiting' ? count + 1 : count), 0);
    const { intervalMs, atOnce } = this.#options;
    return waiting * Math.max(intervalMs, this.#sendingMs / this.#sent / atOnce);
  }
}
