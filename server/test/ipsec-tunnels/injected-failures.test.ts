// Whatever goes wrong on the way to Cloudflare, no tunnel is lost or doubled, and what the page says of it is true: one row
// a cell, from the failure to the words on the page.

import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CHANGES, type ChangeAction } from '@tunnel-desk/shared/api/changes';
import { ERRORS, type ErrorName, RECONCILED_CODE } from '@tunnel-desk/shared/api/errors';
import { IDEMPOTENCY_KEY_HEADER, submissionOutcomeSchema } from '@tunnel-desk/shared/api/submissions';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it, vi } from 'vitest';
import { createReader } from '../../../web/src/ipsec-tunnels/form/read-response.ts';
import { callApi, sendToApi } from '../../../web/src/lib/api-client.ts';
import { type Action, type Outcome, outcomeOf } from '../../../web/src/submission/outcome.ts';
import type { InjectedFailure } from '../../src/sandbox/injected-failures.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { letPass, stopAllClocks, stopClock } from '../support/clock.ts';
import { askApi, create, type Desk, startDesk, upstreamAt } from '../support/desk.ts';
import { FULL_REQUEST, SMALLEST_REQUEST } from '../support/samples.ts';
import {
  closedPort,
  createIn,
  startResettingFront,
  startSandboxUpstream,
  startTcp,
  tunnelsIn,
} from '../support/upstream.ts';

const MIB = 1024 * 1024;
const UPSTREAM_TIMEOUT_MS = 15_000;

// The pauses before another try or look are no subject here, and would make minutes of this table.
vi.mock('node:timers/promises', async (importOriginal) => {
  const timers = await importOriginal<typeof import('node:timers/promises')>();
  return {
    ...timers,
    setTimeout: <T>(ms: number, value: T, options: object) =>
      timers.setTimeout(ms < UPSTREAM_TIMEOUT_MS ? 0 : ms, value, options),
  };
});

/** Whether the request took effect before things went wrong; `late` is after the desk had given up and looked once. */
type Handled = 'no' | 'yes' | 'late';

/** What happens to the first submission: on the network before Cloudflare has the request, or at Cloudflare. */
type Failure =
  | { readonly on: 'network'; readonly kind: 'refuse' | 'reset-in-tls' | 'reset-unread' }
  | { readonly on: 'request'; readonly inject: (handled: boolean, hasLooked: Promise<void>) => InjectedFailure };

const BROKE_OFF = 'the connection to Cloudflare broke off';
const UNREACHABLE = 'Cloudflare could not be reached';
const HTML = '<!DOCTYPE html><html><head><title>Error</title></head><body>cloudflare</body></html>';
const NEVER = new Promise<void>(() => undefined);
const FOREVER_MS = 2 ** 31 - 1;

/** An answer from somewhere on the way, whatever became of the request. */
function answering(status: number, body: string | Buffer, headers: Record<string, string> = {}): Failure {
  return { on: 'request', inject: (handled) => ({ kind: 'response', status, headers, body, handled }) };
}

function refusing(status: number, code: number, headers = {}): Failure {
  const body = { success: false, errors: [{ code, message: 'no' }], messages: [], result: null };
  return answering(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

const FAILURES = {
  'refused connection': { on: 'network', kind: 'refuse' },
  'reset before sending': { on: 'network', kind: 'reset-in-tls' },
  'reset before it is read': { on: 'network', kind: 'reset-unread' },
  'reset after sending': { on: 'request', inject: (handled) => ({ kind: 'reset', handled }) },
  'delay past the timeout': {
    on: 'request',
    inject: (handled) => (handled ? { kind: 'delay', ms: FOREVER_MS } : { kind: 'hold', until: NEVER }),
  },
  'delay past the first look': {
    on: 'request',
    inject: (_handled, hasLooked) => ({ kind: 'hold', until: hasLooked }),
  },
  'HTML 200': answering(200, HTML, { 'content-type': 'text/html' }),
  'HTML 403': answering(403, HTML, { 'content-type': 'text/html' }),
  'HTML 429': answering(429, HTML, { 'content-type': 'text/html', 'retry-after': '37' }),
  'HTML 502': answering(502, HTML, { 'content-type': 'text/html' }),
  'answer cut short': { on: 'request', inject: (handled) => ({ kind: 'cut-short', handled }) },
  'cut-short JSON': answering(200, '{"success":true,"errors":[],"messages":[],"result":{"id":"c4a7'),
  'wrong shape': answering(200, '{"status":"ok"}'),
  'redirect 307': answering(307, '', { location: '/client/v4/elsewhere' }),
  'refusal 401': refusing(401, 9109),
  'refusal 403': refusing(403, 10000),
  '429 with Retry-After': refusing(429, 971, { 'retry-after': '37' }),
  '429 without it': refusing(429, 971),
  'failure 500': refusing(500, 10001),
  'failure 503': refusing(503, 10013),
  '10 MiB body': answering(200, 'x'.repeat(10 * MIB)),
  'compressed bomb': answering(200, gzipSync(Buffer.alloc(50 * MIB)), { 'content-encoding': 'gzip' }),
} satisfies Record<string, Failure>;

/** What the list of errors says of it, behind the desk's own error where there is one. */
const CAUSES: Record<keyof typeof FAILURES, Cause> = {
  'refused connection': own('upstreamUnreachable', UNREACHABLE),
  'reset before sending': own('upstreamUnreachable', UNREACHABLE),
  'reset before it is read': own('upstreamConnectionLost', BROKE_OFF),
  'reset after sending': own('upstreamConnectionLost', BROKE_OFF),
  'delay past the timeout': own('upstreamTimedOut', 'Cloudflare did not respond in time'),
  'delay past the first look': own('upstreamTimedOut', 'Cloudflare did not respond in time'),
  'HTML 200': own('upstreamUnintelligible', "status 200 with HTML, not from Cloudflare's API"),
  'HTML 403': own('upstreamUnintelligible', "status 403 with HTML, not from Cloudflare's API"),
  'HTML 429': own('upstreamRateLimited', 'Cloudflare asked this server to slow down'),
  'HTML 502': own('upstreamUnintelligible', "status 502 with HTML, not from Cloudflare's API"),
  'answer cut short': own('upstreamConnectionLost', BROKE_OFF),
  'cut-short JSON': own(
    'upstreamUnintelligible',
    "status 200 with content that is not JSON, not from Cloudflare's API",
  ),
  'wrong shape': own('upstreamUnintelligible', "status 200 with JSON of another form, not from Cloudflare's API"),
  'redirect 307': own('upstreamUnintelligible', "status 307 with no content, not from Cloudflare's API"),
  'refusal 401': { code: 9109, message: 'no', inWords: 'no (9109)' },
  'refusal 403': { code: 10000, message: 'no', inWords: 'no (10000)' },
  '429 with Retry-After': { code: 971, message: 'no', inWords: 'no (971)' },
  '429 without it': { code: 971, message: 'no', inWords: 'no (971)' },
  'failure 500': { code: 10001, message: 'no', inWords: 'Cloudflare responded with status 500: no (10001)' },
  'failure 503': { code: 10013, message: 'no', inWords: 'Cloudflare responded with status 503: no (10013)' },
  '10 MiB body': own('upstreamUnintelligible', "status 200 with too much content, not from Cloudflare's API"),
  'compressed bomb': own('upstreamUnintelligible', "status 200 with compressed content, not from Cloudflare's API"),
};

interface Cause {
  readonly code: number;
  readonly message: unknown;
  /** How the desk says it in a sentence of its own. */
  readonly inWords: string;
}

/** One of the desk's; a connection's error code may follow the words. */
function own(name: ErrorName, words: string): Cause {
  return { code: ERRORS[name].code, message: expect.stringContaining(words), inWords: words };
}

/** What the page says, as its outcome and the line it opens with. */
const PAGE = {
  created: { kind: 'done' },
  unreachable: { kind: 'failed', effect: 'none', title: "Cloudflare can't be reached." },
  lookedForAndAbsent: {},
  brokeOff: { kind: 'failed', effect: 'none', title: 'The connection to Cloudflare broke off.' },
  timedOut: { kind: 'failed', effect: 'none', title: 'Cloudflare did not respond in time.' },
  notCloudflare: { kind: 'failed', effect: 'none', title: "Something responded, but not as Cloudflare's API does." },
  tokenRefused: { kind: 'failed', effect: 'none', title: expect.stringContaining("refused this server's token") },
  wait37s: { kind: 'failed', effect: 'none', title: 'Cloudflare asked us to wait 37 s.' },
  wait60s: { kind: 'failed', effect: 'none', title: 'Cloudflare asked us to wait 60 s.' },
  failed500: { kind: 'failed', effect: 'none', title: 'Cloudflare failed (status 500).' },
  failed503: { kind: 'failed', effect: 'none', title: 'Cloudflare failed (status 503).' },
};

/** What came instead of a success, and then what looking for the tunnel found. */
function lookedForAndAbsent(failure: keyof typeof CAUSES) {
  const { code } = CAUSES[failure];
  const [, failedStatus] = /^failure (\d+)$/.exec(failure) ?? [];
  const whatCame =
    failedStatus === undefined
      ? Object.values(ERRORS).flatMap((error) => (error.code === code && 'title' in error ? [error.title] : []))[0]
      : `Cloudflare failed (status ${failedStatus}).`;
  return {
    kind: 'failed',
    effect: 'none',
    title: `${whatCame} The desk looked for the tunnel, and it does not exist.`,
  };
}

type Cell = readonly [
  failure: keyof typeof FAILURES,
  handled: Handled,
  action: Action,
  status: number,
  /** One of this server's own, by its name, or Cloudflare's. */
  code: ErrorName | 'reconciled' | number,
  /** How often Cloudflare was sent the request, read by it or not. */
  posts: number,
  held: number,
  page: keyof typeof PAGE,
];

// biome-ignore format: a table is read in columns
const TABLE: Cell[] = [
  // what goes wrong           took effect       answered: status and code       sent  held  the page says
  ['refused connection',        'no',   'validate', 502, 'upstreamUnreachable',    0, 0, 'unreachable'],
  ['refused connection',        'no',   'send',     502, 'upstreamUnreachable',    0, 0, 'unreachable'],
  ['reset before sending',      'no',   'validate', 502, 'upstreamUnreachable',    0, 0, 'unreachable'],
  ['reset before sending',      'no',   'send',     502, 'upstreamUnreachable',    0, 0, 'unreachable'],
  ['reset before it is read',   'no',   'validate', 502, 'upstreamConnectionLost', 3, 0, 'brokeOff'],
  ['reset before it is read',   'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['reset after sending',       'no',   'validate', 502, 'upstreamConnectionLost', 3, 0, 'brokeOff'],
  ['reset after sending',       'yes',  'validate', 502, 'upstreamConnectionLost', 3, 0, 'brokeOff'],
  ['reset after sending',       'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['reset after sending',       'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['delay past the timeout',    'no',   'validate', 504, 'upstreamTimedOut',       1, 0, 'timedOut'],
  ['delay past the timeout',    'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['delay past the timeout',    'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['delay past the first look', 'late', 'send',     200, 'reconciled',             1, 1, 'created'],
  ['HTML 200',                  'no',   'validate', 502, 'upstreamUnintelligible', 1, 0, 'notCloudflare'],
  ['HTML 200',                  'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['HTML 200',                  'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['HTML 403',                  'no',   'validate', 502, 'upstreamUnintelligible', 1, 0, 'notCloudflare'],
  ['HTML 403',                  'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['HTML 429',                  'no',   'validate', 429, 'upstreamRateLimited',    1, 0, 'wait37s'],
  ['HTML 429',                  'no',   'send',     429, 'upstreamRateLimited',    1, 0, 'wait37s'],
  ['HTML 502',                  'no',   'validate', 502, 'upstreamUnintelligible', 3, 0, 'notCloudflare'],
  ['HTML 502',                  'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['HTML 502',                  'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['answer cut short',          'no',   'validate', 502, 'upstreamConnectionLost', 3, 0, 'brokeOff'],
  ['answer cut short',          'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['answer cut short',          'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['cut-short JSON',            'no',   'validate', 502, 'upstreamUnintelligible', 1, 0, 'notCloudflare'],
  ['cut-short JSON',            'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['cut-short JSON',            'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['wrong shape',               'no',   'validate', 502, 'upstreamUnintelligible', 1, 0, 'notCloudflare'],
  ['wrong shape',               'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['wrong shape',               'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['redirect 307',              'no',   'validate', 502, 'upstreamUnintelligible', 1, 0, 'notCloudflare'],
  ['redirect 307',              'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['redirect 307',              'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['refusal 401',               'no',   'validate', 401, 9109,                     1, 0, 'tokenRefused'],
  ['refusal 401',               'no',   'send',     401, 9109,                     1, 0, 'tokenRefused'],
  ['refusal 403',               'no',   'validate', 403, 10000,                    1, 0, 'tokenRefused'],
  ['refusal 403',               'no',   'send',     403, 10000,                    1, 0, 'tokenRefused'],
  ['429 with Retry-After',      'no',   'validate', 429, 971,                      1, 0, 'wait37s'],
  ['429 with Retry-After',      'no',   'send',     429, 971,                      1, 0, 'wait37s'],
  ['429 without it',            'no',   'validate', 429, 971,                      3, 0, 'wait60s'],
  ['429 without it',            'no',   'send',     429, 971,                      1, 0, 'wait60s'],
  ['failure 500',               'no',   'validate', 500, 10001,                    3, 0, 'failed500'],
  ['failure 500',               'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['failure 500',               'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['failure 503',               'no',   'validate', 503, 10013,                    3, 0, 'failed503'],
  ['failure 503',               'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['failure 503',               'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['10 MiB body',               'no',   'validate', 502, 'upstreamUnintelligible', 1, 0, 'notCloudflare'],
  ['10 MiB body',               'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['10 MiB body',               'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
  ['compressed bomb',           'no',   'validate', 502, 'upstreamUnintelligible', 1, 0, 'notCloudflare'],
  ['compressed bomb',           'no',   'send',     502, 'notDone',             1, 0, 'lookedForAndAbsent'],
  ['compressed bomb',           'yes',  'send',     200, 'reconciled',             1, 1, 'created'],
];

describe('a submission, whatever goes wrong', () => {
  it.each(TABLE)('%s (took effect: %s): the response to %s is %i %s', async (failure, handled, action, ...expected) => {
    const [status, code, posts, held, page] = expected;
    const upstream = await startFailingUpstream(FAILURES[failure], handled !== 'no');
    // Without a settle time a complete list decides at once, and what is late would come too late.
    const settling = handled === 'late' ? {} : { SETTLE_SECONDS: '0' };
    const desk = await startDesk({ ...upstreamAt(upstream.baseUrl), ...settling });
    const isSilent = failure.startsWith('delay');
    if (isSilent) stopClock();
    const submission = submit(desk, action);
    if (isSilent) {
      const arrivedAs = { posts: 1, held: handled === 'yes' ? 1 : 0 };
      await expect
        .poll(async () => ({ posts: upstream.posts(), held: (await upstream.tunnels()).length }))
        .toEqual(arrivedAs);
      letPass(UPSTREAM_TIMEOUT_MS);
    }
    const { answer, outcome } = await submission;

    expect(answer).toMatchObject({ kind: 'response', status });
    expect(codeIn(answer)).toBe(codeNamed(code));
    expectCause(answer, CAUSES[failure]);
    expect(outcome).toMatchObject(page === 'lookedForAndAbsent' ? lookedForAndAbsent(failure) : PAGE[page]);
    expect(upstream.posts()).toBe(posts);
    const tunnels = await upstream.tunnels();
    expect(tunnels).toHaveLength(held);
    expectTrue(outcome, tunnels);

    // Whoever then does as the page says has one tunnel in the end.
    if (!upstream.recover || outcome.kind === 'done') return;
    upstream.recover();
    expect((await submit(desk, 'send')).outcome.kind).toBe('done');
    expect(await upstream.tunnels()).toHaveLength(1);
  });
});

/** A change of a tunnel that exists: how it is asked for, and whether it was carried out. */
interface OtherChange {
  readonly method: 'PUT' | 'DELETE' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** What the response to one that was found done is: its status and code. */
  readonly found: readonly [status: number, code: ErrorName | 'reconciled'];
  wasDone(before: IpsecTunnel, now: IpsecTunnel | undefined): boolean;
}

const OTHER_CHANGES: Readonly<Record<Exclude<ChangeAction, 'create'>, OtherChange>> = {
  update: {
    ...{ method: 'PUT', path: '', body: { ...FULL_REQUEST, description: 'changed' }, found: [200, 'reconciled'] },
    wasDone: (_before, now) => now?.description === 'changed',
  },
  delete: {
    ...{ method: 'DELETE', path: '', found: [200, 'reconciled'] },
    wasDone: (_before, now) => now === undefined,
  },
  'generate-psk': {
    // Nobody has the key of a response that was lost.
    ...{ method: 'POST', path: '/psk_generate', found: [502, 'keyNotShown'] },
    wasDone: (before, now) => now?.psk_metadata?.last_generated_on !== before.psk_metadata?.last_generated_on,
  },
};

/** What {@link TABLE} says of a create holds for every other change. */
const SENT = TABLE.filter(([, , action]) => action === 'send');

describe.each(namesOfOtherChanges())('a change (%s), whatever goes wrong', (change) => {
  it.each(SENT)('%s (took effect: %s): what is told is true', async (failure, handled, _action, ...expected) => {
    const [status, code, posts, held, page] = expected;
    const { method, path, body, found, wasDone } = OTHER_CHANGES[change];
    const upstream = await startFailingUpstream(FAILURES[failure], handled !== 'no', method);
    const tunnel = await upstream.makeTunnel();
    const settling = handled === 'late' ? {} : { SETTLE_SECONDS: '0' };
    const desk = await startDesk({ ...upstreamAt(upstream.baseUrl), ...settling });
    const isSilent = failure.startsWith('delay');
    if (isSilent) stopClock();
    const key = randomUUID();
    const ask = () =>
      sendToApi(`${desk.tunnels}/${tunnel.id}${path}`, { method, body, headers: { [IDEMPOTENCY_KEY_HEADER]: key } });
    const asked = ask();
    if (isSilent) {
      await expect.poll(upstream.posts).toBe(1);
      if (handled === 'yes')
        await expect.poll(async () => wasDone(tunnel, await upstream.tunnel(tunnel.id))).toBe(true);
      letPass(UPSTREAM_TIMEOUT_MS);
    }
    const answer = await asked;
    const outcome = outcomeOf('send', answer, { change, read: (result) => ({ result }), fieldOf: () => undefined });

    const isDone = held === 1;
    const isRead = posts > 0;
    const [foundStatus, foundCode] = found;
    expect(answer).toMatchObject({ kind: 'response', status: isDone ? foundStatus : status });
    // Where not even the tunnel can be read, nothing is sent.
    expect(codeIn(answer)).toBe(codeNamed(isDone ? foundCode : isRead ? code : 'notRead'));
    expect(upstream.posts()).toBe(posts);
    if (outcome.kind === 'done') expect(isDone).toBe(true);
    else expect(outcome).toMatchObject({ kind: 'failed', effect: isDone ? 'done' : 'none' });
    if (page === 'lookedForAndAbsent' && outcome.kind === 'failed') {
      expect(outcome.title).toContain(CHANGES[change].notDone);
    }
    expect(wasDone(tunnel, await upstream.tunnel(tunnel.id))).toBe(isDone);
    // Asked for again under its key, nothing is sent, and the same is told.
    if (!isRead) return;
    expect(codeIn(await ask())).toBe(codeIn(answer));
    expect(upstream.posts()).toBe(posts);
  });
});

function namesOfOtherChanges() {
  return ['update', 'delete', 'generate-psk'] as const;
}

/** Times in seconds, from when the desk gave up on the response. */
interface Lateness {
  readonly what: string;
  /** When Cloudflare carries the create out; never when absent. */
  readonly carriedOutAfterS?: number;
  readonly sandbox?: Partial<SandboxOptions>;
  readonly others?: number;
  readonly ending: 'done' | 'not-done';
  /** The time of the ending: no earlier, and not much later. */
  readonly knownAfterS: number;
}

const SETTLE_S = 120;
const MINUTE_MS = 60_000;

const LATE: readonly Lateness[] = [
  { what: 'carried out 1 s late', carriedOutAfterS: 1, ending: 'done', knownAfterS: 1 },
  { what: 'carried out 10 s late', carriedOutAfterS: 10, ending: 'done', knownAfterS: 10 },
  { what: 'carried out 100 s late', carriedOutAfterS: 100, ending: 'done', knownAfterS: 100 },
  { what: 'never carried out', ending: 'not-done', knownAfterS: SETTLE_S },
  {
    what: 'listed 60 s after it was carried out',
    ...{ carriedOutAfterS: 0, sandbox: { listLagMs: MINUTE_MS }, ending: 'done', knownAfterS: 59 },
  },
  {
    what: 'carried out, and on the last of five pages',
    ...{ carriedOutAfterS: 1, sandbox: { pageSize: 2 }, others: 8, ending: 'done', knownAfterS: 1 },
  },
  {
    what: 'never carried out, and five pages without it',
    ...{ sandbox: { pageSize: 2 }, others: 9, ending: 'not-done', knownAfterS: SETTLE_S },
  },
  ...[10 * MINUTE_MS, -10 * MINUTE_MS].map(
    (clockOffsetMs): Lateness => ({
      what: `carried out while Cloudflare's clock is off by ${clockOffsetMs / MINUTE_MS} minutes`,
      ...{ carriedOutAfterS: 10, sandbox: { clockOffsetMs }, ending: 'done', knownAfterS: 10 },
    }),
  ),
];

describe('a create whose response is lost', () => {
  it.each(LATE)('and that is $what: not known yet, then $ending after $knownAfterS s', async (late) => {
    const { ending, knownAfterS } = late;
    stopAllClocks();
    const upstream = await startLateUpstream(late);
    const desk = await startDesk(upstreamAt(upstream.baseUrl));
    const key = randomUUID();
    const sent = create(desk, SMALLEST_REQUEST, { headers: { 'idempotency-key': key } });
    await upstream.reached;
    // The create runs into its time limit, and the sandbox holds it from then on.
    letPass(UPSTREAM_TIMEOUT_MS);
    const { status, envelope } = await sent;
    expect(status).toBe(504);
    expect(envelope.errors[0]).toMatchObject({ code: ERRORS.outcomeUnknown.code });
    expect(envelope.errors[0]?.message).toMatch(/was not there as of .*keeps looking until /);

    let passedS = 0;
    let outcome = await outcomeUnder(desk, key);
    while (outcome.kind === 'unknown' && passedS < 2 * SETTLE_S) {
      letPass(1000);
      passedS += 1;
      outcome = await outcomeUnder(desk, key);
    }
    expect(outcome.kind).toBe(ending);
    expect(passedS).toBeGreaterThanOrEqual(knownAfterS);
    expect(passedS).toBeLessThanOrEqual(knownAfterS + 3);
    const made = (await upstream.tunnels()).filter(({ name }) => name === SMALLEST_REQUEST.name);
    expect(made.map(({ id }) => id)).toEqual(outcome.kind === 'done' ? [outcome.tunnel?.id] : []);
    expect(upstream.posts()).toBe(1);
    // And so it stays, whoever asks.
    const again = await create(desk, SMALLEST_REQUEST, { headers: { 'idempotency-key': key } });
    expect(again.status).toBe(ending === 'done' ? 200 : 502);
    if (ending === 'not-done') expect(again.envelope.errors[0]?.code).toBe(ERRORS.notDone.code);
  });

  it('and whose list has a page missing stays unknown, however long', async () => {
    stopAllClocks();
    const upstream = await startLateUpstream({
      ...{ what: '', ending: 'not-done', knownAfterS: 0, sandbox: { pageSize: 2 }, others: 5 },
      failsPage: true,
    });
    const desk = await startDesk(upstreamAt(upstream.baseUrl));
    const key = randomUUID();
    const sent = create(desk, SMALLEST_REQUEST, { headers: { 'idempotency-key': key } });
    await upstream.reached;
    letPass(UPSTREAM_TIMEOUT_MS);
    expect((await sent).envelope.errors[0]?.code).toBe(ERRORS.outcomeUnknown.code);
    letPass(SETTLE_S * 1000 * 2);
    expect((await outcomeUnder(desk, key)).kind).toBe('unknown');
  });
});

describe('twins: two creates of the same values, both without a usable response', () => {
  it('have one tunnel between them, and one of them alone is told that it made it', async () => {
    stopAllClocks();
    const { baseUrl } = await startSandboxUpstream(({ method }) =>
      method === 'POST' ? { kind: 'reset', handled: true } : undefined,
    );
    const desk = await startDesk(upstreamAt(baseUrl));
    const keys = [randomUUID(), randomUUID()];
    await Promise.all(keys.map((key) => create(desk, SMALLEST_REQUEST, { headers: { 'idempotency-key': key } })));
    letPass(SETTLE_S * 1000);
    const outcomes = [];
    for (const key of keys) outcomes.push((await outcomeUnder(desk, key)).kind);
    expect(outcomes.toSorted()).toEqual(['done', 'not-done']);
    expect(await tunnelsIn({ baseUrl })).toHaveLength(1);
  });

  it('with different keys are neither told so, because nobody knows whose key the tunnel has', async () => {
    stopAllClocks();
    const { baseUrl } = await startSandboxUpstream(({ method }) =>
      method === 'POST' ? { kind: 'reset', handled: true } : undefined,
    );
    const desk = await startDesk(upstreamAt(baseUrl));
    const psks = ['a key of sixteen characters', 'another one of that length'];
    const keys = psks.map(() => randomUUID());
    await Promise.all(
      psks.map((psk, index) =>
        create(desk, { ...SMALLEST_REQUEST, psk }, { headers: { 'idempotency-key': keys[index] ?? '' } }),
      ),
    );
    letPass(SETTLE_S * 1000);
    for (const key of keys) {
      expect(await outcomeUnder(desk, key)).toMatchObject({
        kind: 'unknown',
        found: expect.stringContaining('another create of the same name may have made'),
      });
    }
  });
});

async function outcomeUnder(desk: Desk, key: string) {
  return submissionOutcomeSchema.parse((await askApi(`${desk.origin}/api/submissions/${key}`)).envelope.result);
}

/** A sandbox that never responds to a create, and carries it out when it is told to, by the stopped clock. */
async function startLateUpstream({
  carriedOutAfterS,
  sandbox: options,
  others = 0,
  failsPage = false,
}: Lateness & { readonly failsPage?: boolean }) {
  const reached = Promise.withResolvers<void>();
  let isLosing = false;
  const sandbox = await startSandboxUpstream(({ method, url, headers }) => {
    if (headers['user-agent'] === 'the test') return undefined;
    if (failsPage && url.includes('page=2')) return { kind: 'response', status: 403, body: 'no', handled: false };
    if (method !== 'POST' || !isLosing) return undefined;
    const until = new Promise<void>((resolve) => {
      if (carriedOutAfterS !== undefined) setTimeout(resolve, UPSTREAM_TIMEOUT_MS + carriedOutAfterS * 1000);
    });
    reached.resolve();
    return { kind: 'hold', until };
  }, options);
  const helper = await startDesk(upstreamAt(sandbox.baseUrl));
  for (let index = 0; index < others; index++) {
    const other = { ...SMALLEST_REQUEST, name: `other-${index}`, interface_address: `10.9.0.${2 * index}/31` };
    expect((await create(helper, other)).status).toBe(200);
  }
  isLosing = true;
  const posts = () => sandbox.methods.filter((method) => method === 'POST').length - others;
  return { baseUrl: sandbox.baseUrl, reached: reached.promise, posts, tunnels: () => tunnelsIn(sandbox) };
}

/** A sandbox behind a failure that goes on until it is told to recover, which what is no sandbox at all never does. */
async function startFailingUpstream(failure: Failure, handled: boolean, failing = 'POST') {
  let isFailing = true;
  let wasSent = false;
  const looked = Promise.withResolvers<void>();
  const sandbox = await startSandboxUpstream(({ method, headers }) => {
    if (headers['user-agent'] === 'the test') return undefined;
    if (method === 'GET' && wasSent) looked.resolve();
    wasSent ||= method === failing;
    return method === failing && isFailing && failure.on === 'request'
      ? failure.inject(handled, looked.promise)
      : undefined;
  });
  const tunnels = () => tunnelsIn(sandbox);
  const recover = () => {
    isFailing = false;
  };
  let made = 0;
  const posts = () => sandbox.methods.filter((method) => method === failing).length - made;
  const tunnel = async (id: string) => (await tunnels()).find((each) => each.id === id);
  /** Made past the desk. */
  const makeTunnel = async () => {
    if (failing === 'POST') made += 1;
    return createIn(sandbox, FULL_REQUEST);
  };
  const common = { posts, tunnels, tunnel, makeTunnel, recover: undefined };
  if (failure.on === 'request') return { ...common, baseUrl: sandbox.baseUrl, recover };
  switch (failure.kind) {
    case 'refuse':
      return { ...common, baseUrl: `http://127.0.0.1:${await closedPort()}/client/v4` };
    case 'reset-in-tls': {
      const port = await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
      return { ...common, baseUrl: `https://127.0.0.1:${port}/client/v4` };
    }
    case 'reset-unread': {
      let resets = 0;
      const baseUrl = await startResettingFront(sandbox.baseUrl, (bytes) => {
        const isReset = isFailing && bytes.toString().startsWith(failing);
        if (isReset) resets += 1;
        return isReset;
      });
      return { ...common, baseUrl, posts: () => resets + posts(), recover };
    }
  }
}

/** What the page's own code makes of the answer. */
async function submit(desk: Desk, action: Action) {
  const answer = await callApi(desk.tunnels + (action === 'validate' ? '?validate_only=true' : ''), FULL_REQUEST);
  return { answer, outcome: outcomeOf(action, answer, createReader) };
}

function expectTrue(outcome: Outcome<IpsecTunnel>, tunnels: readonly IpsecTunnel[]): void {
  const ids = tunnels.map(({ id }) => id);
  if (outcome.kind === 'done') expect(ids).toEqual([outcome.result.id]);
  else if (outcome.kind === 'failed' && outcome.effect === 'unknown') expect(ids.length).toBeLessThanOrEqual(1);
  else expect(ids).toEqual([]);
}

/** The cause stands behind what looking for the tunnel found, and is said in its words too; else it stands alone. */
function expectCause(answer: Awaited<ReturnType<typeof callApi>>, { inWords, ...cause }: Cause): void {
  if (answer.kind !== 'response') throw new Error('the desk did not respond in the envelope');
  const { errors, messages } = answer.envelope;
  const [first, ...rest] = [...errors, ...messages];
  const isFound = first?.code === RECONCILED_CODE;
  if (!isFound && first?.code !== ERRORS.notDone.code) {
    expect(errors).toEqual([cause]);
    return;
  }
  expect(first?.message.toLowerCase()).toContain(inWords.toLowerCase());
  expect(first?.message).toContain(isFound ? 'the tunnel was found by looking for it' : 'does not exist');
  expect(rest).toMatchObject(isFound ? [] : [cause]);
}

function codeIn(answer: Awaited<ReturnType<typeof callApi>>): number | undefined {
  if (answer.kind !== 'response') return undefined;
  return (answer.envelope.errors[0] ?? answer.envelope.messages[0])?.code;
}

function codeNamed(code: Cell[4]): number {
  if (typeof code === 'number') return code;
  return code === 'reconciled' ? RECONCILED_CODE : ERRORS[code].code;
}
