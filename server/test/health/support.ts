// A reader of health for one test, in front of a Cloudflare that the test plays.

import type { AccountHealth, TunnelHistory } from '@tunnel-desk/shared/api/health';
import { onTestFinished } from 'vitest';
import { createCloudflareClient } from '../../src/cloudflare/client.ts';
import { createHealthReader, type HealthReaderOptions } from '../../src/health/health-reader.ts';
import { Secret } from '../../src/secret.ts';
import { API_TOKEN } from '../support/samples.ts';
import { startStub } from '../support/upstream.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** When the tests begin, in milliseconds since the epoch. */
export const START = Date.parse('2026-11-30T02:20:00Z');

export interface Row {
  readonly avg: { readonly tunnelState: number | null };
  readonly dimensions: Readonly<Record<string, string | number>>;
}

export function row(tunnelState: number | null, dimensions: Row['dimensions']): Row {
  return { avg: { tunnelState }, dimensions };
}

/** Rows in buckets that end with the one before `end`, in milliseconds since the epoch. */
export function bucketRows(
  scores: readonly number[],
  { end, ms, dimension }: { readonly end: number; readonly ms: number; readonly dimension: string },
  place: Row['dimensions'] = {},
): Row[] {
  return scores.map((score, index) =>
    row(score, { ...place, [dimension]: new Date(end - (scores.length - index) * ms).toISOString() }),
  );
}

export type Parts = Readonly<Record<string, readonly Row[] | null>>;

/** The data of a response that has these parts. */
export function dataOf(parts: Parts) {
  return { viewer: { accounts: [parts] } };
}

export interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type Reply =
  | { readonly parts: Parts; readonly errors?: readonly object[] }
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };

/** `reply` is what Cloudflare responds with; `undefined` leaves the question without a response. */
export async function startReader(
  reply: (question: Question, index: number) => Reply | undefined,
  { timeoutMs = 15_000, ...options }: Partial<HealthReaderOptions> & { readonly timeoutMs?: number } = {},
) {
  const questions: Question[] = [];
  const upstream = await startStub((response, { body }) => {
    const question: Question = JSON.parse(body);
    questions.push(question);
    const given = reply(question, questions.length - 1);
    if (given === undefined) return;
    const {
      status = 200,
      headers = {},
      body: sent,
    } = 'parts' in given ? { body: { data: dataOf(given.parts), errors: given.errors ?? null } } : given;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof sent === 'string' ? sent : JSON.stringify(sent));
  });
  const cloudflare = createCloudflareClient({ baseUrl: upstream.baseUrl, token: new Secret(API_TOKEN), timeoutMs });
  onTestFinished(() => cloudflare.close());
  const clock = { now: START };
  const logged: string[] = [];
  const note = (details: object, message?: string) => void logged.push(`${message} ${JSON.stringify(details)}`);
  const log = { info: note, warn: note };
  const reader = createHealthReader({ cloudflare, log, now: () => clock.now, ...options });
  return { reader, questions, clock, logged };
}

export function known<Result extends AccountHealth | TunnelHistory>(
  result: Result,
): Extract<Result, { kind: 'known' }> {
  if (isKnown(result)) return result;
  throw new Error(`not known: ${JSON.stringify(result)}`);
}

function isKnown<Result extends { readonly kind: string }>(
  result: Result,
): result is Extract<Result, { kind: 'known' }> {
  return result.kind === 'known';
}
