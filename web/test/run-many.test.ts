import { describe, expect, test } from 'vitest';
import type { Failure, Outcome } from '../src/submission/outcome.ts';
import type { Found } from '../src/submission/outcome-check.ts';
import {
  ManyRun,
  type ManyTarget,
  MIN_INTERVAL_MS,
  type RunClock,
  type RunOptions,
} from '../src/submission/run-many.ts';

const DONE: Outcome<string> = { kind: 'done', result: 'gone', messages: [] };

function failed(parts: Partial<Failure>): Failure {
  return { kind: 'failed', title: 'It failed.', effect: 'none', whatNow: '', fieldErrors: [], details: [], ...parts };
}

/** A clock that moves only when a test lets it, and runs what was waiting for that moment. */
function handClock() {
  let now = 0;
  let keys = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const clock: RunClock = {
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: now + ms, wake })),
    newKey: () => `key-${++keys}`,
  };
  return {
    clock,
    async advance(ms: number) {
      const end = now + ms;
      for (;;) {
        await settled();
        const [next] = sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        sleepers.splice(sleepers.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.wake();
      }
      now = end;
      await settled();
    },
  };
}

interface Sent {
  readonly item: string;
  readonly key: string;
  readonly at: number;
}

/** A run over these items whose outcomes, in the order of sending, are given; what is found is as `find` says. */
function runOf(
  items: readonly string[],
  outcomes: readonly Outcome<string>[],
  finds: readonly Found<unknown>[] = [],
  { tookMs = 0, ...options }: Partial<RunOptions<string>> & { readonly tookMs?: number } = {},
) {
  const { clock, advance } = handClock();
  const sent: Sent[] = [];
  const looked: string[] = [];
  const target: ManyTarget<string, string> = {
    async send(item, key) {
      const place = sent.push({ item, key, at: clock.now() });
      if (tookMs > 0) await clock.sleep(tookMs);
      return outcomes[place - 1] ?? DONE;
    },
    async find(_item, key) {
      looked.push(key);
      return finds[looked.length - 1] ?? { kind: 'failed' };
    },
    resultOfFound: (_item, found) => (typeof found === 'string' ? found : undefined),
  };
  const run = new ManyRun(items, target, clock, options);
  const states = () => run.snapshot().entries.map(({ state }) => state.kind);
  return { run, sent, looked, advance, states, phase: () => run.snapshot().phase.kind };
}

const LONG_MS = 60_000;

test('does one after another, each under a key of its own, at most two a second', async () => {
  const { run, sent, advance, states, phase } = runOf(['a', 'b', 'c'], []);
  void run.start();
  await advance(LONG_MS);
  expect(sent).toEqual([
    { item: 'a', key: 'key-1', at: 0 },
    { item: 'b', key: 'key-2', at: MIN_INTERVAL_MS },
    { item: 'c', key: 'key-3', at: 2 * MIN_INTERVAL_MS },
  ]);
  expect(states()).toEqual(['done', 'done', 'done']);
  expect(phase()).toBe('ended');
});

test('goes on after one that was refused, and keeps why', async () => {
  const refused = failed({ details: ['in use by a static route (1034)'] });
  const { run, advance, states } = runOf(['a', 'b'], [refused]);
  void run.start();
  await advance(LONG_MS);
  expect(states()).toEqual(['refused', 'done']);
  expect(run.snapshot().entries[0]?.state).toMatchObject({ failure: refused });
});

describe('one whose outcome is not known', () => {
  const unknown = failed({ effect: 'unknown' });

  test.each([
    ['was done', { kind: 'done', result: 'gone' } as const, 'done'],
    ['is gone, as the list says', { kind: 'listed', result: 'gone' } as const, 'done'],
    ['was done, and its result is lost', { kind: 'done', result: null } as const, 'lost'],
    ['was not done', { kind: 'not-done' } as const, 'not-done'],
  ])('is followed under its own key until it is known that it %s, while the rest goes on', async (_, found, state) => {
    const open = { kind: 'open', lookedAt: undefined, until: undefined, found: undefined } as const;
    const { run, looked, advance, states } = runOf(['a', 'b'], [unknown], [open, { kind: 'failed' }, found]);
    void run.start();
    await advance(900);
    expect(states()).toEqual(['unknown', 'done']);
    await advance(LONG_MS);
    expect(states()).toEqual([state, 'done']);
    expect(looked).toEqual(['key-1', 'key-1', 'key-1']);
  });

  test('is never sent a second time', async () => {
    const { run, sent, advance, states } = runOf(['a', 'b'], [unknown]);
    void run.start();
    await advance(LONG_MS);
    expect(states()).toEqual(['unknown', 'done']);
    expect(sent.map(({ item }) => item)).toEqual(['a', 'b']);
  });

  test('is followed after the run was stopped, and no longer once its page was left', async () => {
    const { run, looked, advance } = runOf(['a', 'b'], [unknown]);
    void run.start();
    await advance(100);
    run.stop();
    await advance(1_500);
    expect(looked).toHaveLength(1);
    run.leave();
    await advance(LONG_MS);
    expect(looked).toHaveLength(1);
  });

  test('pauses the run where the next one is not known either, and lets it be resumed', async () => {
    const { run, sent, advance, states, phase } = runOf(['a', 'b', 'c'], [unknown, unknown]);
    void run.start();
    await advance(LONG_MS);
    expect(phase()).toBe('paused');
    expect(run.snapshot().phase).toMatchObject({ because: unknown });
    expect(states()).toEqual(['unknown', 'unknown', 'waiting']);
    run.resume();
    await advance(LONG_MS);
    expect(sent).toHaveLength(3);
    expect(phase()).toBe('ended');
  });
});

test('says that a result is lost where the server knows that it was done and cannot show it', async () => {
  const { run, advance, states } = runOf(['a', 'b'], [failed({ effect: 'done' })]);
  void run.start();
  await advance(LONG_MS);
  expect(states()).toEqual(['lost', 'done']);
});

test('waits as long as Cloudflare asks, then sends the same one again under another key', async () => {
  const { run, sent, advance, phase, states } = runOf(['a', 'b'], [failed({ retryAfterS: 7 })]);
  void run.start();
  await advance(6_999);
  expect(phase()).toBe('asked-to-wait');
  expect(states()).toEqual(['waiting', 'waiting']);
  await advance(LONG_MS);
  expect(sent.map(({ item, key, at }) => [item, key, at])).toEqual([
    ['a', 'key-1', 0],
    ['a', 'key-2', 7_000],
    ['b', 'key-3', 7_500],
  ]);
  expect(states()).toEqual(['done', 'done']);
});

test('pauses where the sign-in has ended, and sends that one again when it is resumed', async () => {
  const { run, sent, advance, phase, states } = runOf(['a', 'b'], [failed({ needsSignIn: true })]);
  void run.start();
  await advance(LONG_MS);
  expect(phase()).toBe('paused');
  expect(states()).toEqual(['waiting', 'waiting']);
  run.resume();
  await advance(LONG_MS);
  expect(sent.map(({ item }) => item)).toEqual(['a', 'a', 'b']);
});

test('sends nothing while it is paused, and keeps its pace when it is resumed at once', async () => {
  const { run, sent, advance, phase } = runOf(['a', 'b', 'c'], []);
  void run.start();
  await advance(100);
  run.pause();
  await advance(LONG_MS);
  expect(phase()).toBe('paused');
  expect(sent).toHaveLength(1);
  run.resume();
  await advance(100);
  expect(sent).toHaveLength(2);
  run.pause();
  run.resume();
  await advance(MIN_INTERVAL_MS - 101);
  expect(sent).toHaveLength(2);
  await advance(1);
  expect(sent).toHaveLength(3);
});

test('sends nothing more once it was stopped, even while it was paused or asked to wait', async () => {
  for (const outcomes of [[], [failed({ retryAfterS: 7 })]]) {
    const { run, sent, advance, phase, states } = runOf(['a', 'b', 'c'], outcomes);
    void run.start();
    await advance(100);
    run.stop();
    await advance(LONG_MS);
    expect(phase()).toBe('ended');
    expect(sent).toHaveLength(1);
    expect(states().slice(1)).toEqual(['stopped', 'stopped']);
    run.resume();
    await advance(LONG_MS);
    expect(sent).toHaveLength(1);
  }
});

test('tells how long the rest will take, from how long each took so far', async () => {
  const { run, advance } = runOf(['a', 'b', 'c', 'd', 'e'], []);
  expect(run.snapshot().timeLeftMs).toBeUndefined();
  void run.start();
  await advance(1);
  expect(run.snapshot().timeLeftMs).toBe(4 * MIN_INTERVAL_MS);
});

test('tells every change, and the same snapshot while nothing changes', async () => {
  const { run, advance } = runOf(['a'], []);
  let changes = 0;
  const unsubscribe = run.subscribe(() => {
    changes += 1;
  });
  expect(run.snapshot()).toBe(run.snapshot());
  void run.start();
  await advance(1);
  expect(changes).toBeGreaterThan(1);
  unsubscribe();
  const before = changes;
  run.stop();
  expect(changes).toBe(before);
});

describe('two at a time', () => {
  const TWO = { atOnce: 2, intervalMs: 100, tookMs: 1_000 };

  test('never has more under way, and begins the next one as soon as one has ended', async () => {
    const { run, sent, advance, phase } = runOf(['a', 'b', 'c', 'd'], [], [], TWO);
    void run.start();
    await advance(LONG_MS);
    expect(sent.map(({ item, at }) => [item, at])).toEqual([
      ['a', 0],
      ['b', 100],
      ['c', 1_000],
      ['d', 1_100],
    ]);
    expect(phase()).toBe('ended');
  });

  test('takes half of the time that each takes for the time left', async () => {
    const { run, advance } = runOf(['a', 'b', 'c', 'd', 'e', 'f'], [], [], TWO);
    void run.start();
    await advance(1_150);
    expect(run.snapshot().timeLeftMs).toBe(2 * 500);
  });

  test('holds both when Cloudflare asks to wait, for the longer of two waits, and sends both again', async () => {
    const waits = [failed({ retryAfterS: 3 }), failed({ retryAfterS: 9 })];
    const { run, sent, advance, states, phase } = runOf(['a', 'b', 'c'], waits, [], TWO);
    void run.start();
    await advance(5_000);
    expect(states()).toEqual(['waiting', 'waiting', 'waiting']);
    expect(phase()).toBe('asked-to-wait');
    // A person who pauses and resumes does not get past what Cloudflare asked for.
    run.pause();
    run.resume();
    expect(phase()).toBe('asked-to-wait');
    await advance(LONG_MS);
    expect(sent.slice(2).map(({ item, at }) => [item, at])).toEqual([
      ['a', 10_100],
      ['b', 10_200],
      ['c', 11_100],
    ]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length);
    expect(states()).toEqual(['done', 'done', 'done']);
  });

  test('ends only when the last of them has', async () => {
    const { run, advance, phase } = runOf(['a'], [], [], TWO);
    void run.start();
    await advance(900);
    expect(phase()).toBe('running');
    await advance(200);
    expect(phase()).toBe('ended');
  });
});

test('keeps the pace that it is told, and another one from then on', async () => {
  const { run, sent, advance } = runOf(['a', 'b', 'c'], [], [], { intervalMs: 1_000 });
  void run.start();
  await advance(1_000);
  run.configure({ intervalMs: 250 });
  await advance(LONG_MS);
  expect(sent.map(({ at }) => at)).toEqual([0, 1_000, 2_000]);
});

describe('stopping at the first failure', () => {
  const refused = failed({ title: 'Cloudflare refused this tunnel.' });

  test('pauses with the reason, and stops again at the next one once it is resumed', async () => {
    const outcomes = [DONE, refused, refused];
    const { run, advance, states, phase } = runOf(['a', 'b', 'c', 'd'], outcomes, [], { stopsAtFirstFailure: true });
    void run.start();
    await advance(LONG_MS);
    expect(run.snapshot().phase).toMatchObject({ kind: 'paused', because: refused });
    expect(states()).toEqual(['done', 'refused', 'waiting', 'waiting']);
    run.resume();
    await advance(LONG_MS);
    expect(phase()).toBe('paused');
    expect(states()).toEqual(['done', 'refused', 'refused', 'waiting']);
    run.configure({ stopsAtFirstFailure: false });
    run.resume();
    await advance(LONG_MS);
    expect(states()).toEqual(['done', 'refused', 'refused', 'done']);
  });

  test('takes one that was looked for and not done for a failure too', async () => {
    const options = { stopsAtFirstFailure: true, intervalMs: 2_000 };
    const { run, advance, states } = runOf(
      ['a', 'b'],
      [failed({ effect: 'unknown' })],
      [{ kind: 'not-done' }],
      options,
    );
    void run.start();
    await advance(LONG_MS);
    expect(run.snapshot().phase).toMatchObject({ kind: 'paused', because: { effect: 'none' } });
    expect(states()).toEqual(['not-done', 'waiting']);
  });

  test('sends one that failed again as it was corrected, and goes on', async () => {
    const { run, sent, advance, states, phase } = runOf(['a', 'b'], [refused], [], { stopsAtFirstFailure: true });
    void run.start();
    await advance(LONG_MS);
    run.retry(0, 'A');
    await advance(LONG_MS);
    expect(sent.map(({ item, key }) => [item, key])).toEqual([
      ['a', 'key-1'],
      ['A', 'key-2'],
      ['b', 'key-3'],
    ]);
    expect(states()).toEqual(['done', 'done']);
    expect(phase()).toBe('ended');
  });
});

test('sends one again after the run has ended, and the others not', async () => {
  const { run, sent, advance, states } = runOf(['a', 'b', 'c'], [failed({})]);
  void run.start();
  await advance(100);
  run.stop();
  run.retry(0, 'A');
  await advance(LONG_MS);
  expect(sent.map(({ item }) => item)).toEqual(['a', 'A']);
  expect(states()).toEqual(['done', 'stopped', 'stopped']);
});

test('sends nothing again that was done or may have been', async () => {
  const { run, sent, advance } = runOf(['a', 'b'], [DONE, failed({ effect: 'unknown' })]);
  void run.start();
  await advance(LONG_MS);
  run.retry(0, 'A');
  run.retry(1, 'B');
  await advance(LONG_MS);
  expect(sent).toHaveLength(2);
});

test('sends only those that are to be sent', async () => {
  const { run, sent, advance, states } = runOf(['a', 'b', 'c'], [], [], { isWaiting: (item) => item === 'b' });
  void run.start();
  await advance(LONG_MS);
  expect(sent.map(({ item }) => item)).toEqual(['b']);
  expect(states()).toEqual(['stopped', 'done', 'stopped']);
});

describe('one that the desk has no record of', () => {
  const unreachable = failed({ effect: 'unknown', isAboutAll: true });

  test('is sent once more under the same key, where that cannot do it twice', async () => {
    const finds: Found<unknown>[] = [{ kind: 'failed' }, { kind: 'absent' }];
    const { run, sent, advance, states } = runOf(['a'], [unreachable], finds, { resendsUnrecorded: true });
    void run.start();
    await advance(LONG_MS);
    expect(sent.map(({ item, key }) => [item, key])).toEqual([
      ['a', 'key-1'],
      ['a', 'key-1'],
    ]);
    expect(states()).toEqual(['done']);
  });

  test('waits for the person where the run is paused, and is not sent once it was stopped', async () => {
    const options = { resendsUnrecorded: true };
    const absent: Found<unknown>[] = [{ kind: 'absent' }, { kind: 'absent' }];
    const { run, sent, advance, states } = runOf(['a', 'b', 'c'], [unreachable, unreachable], absent, options);
    void run.start();
    await advance(LONG_MS);
    expect(states()).toEqual(['waiting', 'waiting', 'waiting']);
    run.resume();
    await advance(0);
    run.stop();
    await advance(LONG_MS);
    expect(sent.map(({ key }) => key)).toEqual(['key-1', 'key-2', 'key-1']);
    expect(states()).toEqual(['done', 'stopped', 'stopped']);
  });
});

test('pauses where the desk cannot be reached and nothing was done, and sends that one again', async () => {
  const { run, sent, advance, phase } = runOf(['a', 'b'], [failed({ isAboutAll: true })]);
  void run.start();
  await advance(LONG_MS);
  expect(phase()).toBe('paused');
  run.resume();
  await advance(LONG_MS);
  expect(sent.map(({ item }) => item)).toEqual(['a', 'a', 'b']);
});
