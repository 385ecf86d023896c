// Has Cloudflare validate many rows, one after another at a pace that it allows, and keeps what it responded to each.

import { ERRORS, isDeskCode } from '@tunnel-desk/shared/api/errors';
import { requestOf } from '@tunnel-desk/shared/ipsec-tunnels/import/requests';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { createIpsecTunnelRequestSchema, type IpsecTunnelRules } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { useMemo, useRef, useState } from 'react';
import { type Failure, outcomeOf } from '../../submission/outcome.ts';
import type { ManyRunSnapshot, ManyTarget } from '../../submission/run-many.ts';
import { useManyRun } from '../../submission/use-many-run.ts';
import { validateIpsecTunnel } from '../api/create-ipsec-tunnel.ts';
import { errorsOfFailure, type ResponseError } from '../api/response-errors.ts';
import { createReader } from '../form/read-response.ts';
import { rememberedRate, rememberRate, type ValidationRate } from './validation-rate.ts';

/** What came back for a row. */
export type RowResponse = { readonly at: Date } & (
  | { readonly kind: 'valid'; readonly messages: readonly string[] }
  /** Cloudflare refused it. */
  | { readonly kind: 'refused'; readonly title: string; readonly errors: readonly ResponseError[] }
  /** It could not be validated just now. */
  | { readonly kind: 'failed'; readonly title: string; readonly errors: readonly ResponseError[] }
);

export interface Validation {
  /**
   * What came back for this row. It lapses when the row changes: a row is the same one as long as it is the same object,
   * so whoever changes rows leaves the others as they are.
   */
  responseTo(row: ImportRow): RowResponse | undefined;
  /** `undefined` before the first run. */
  readonly snapshot: ManyRunSnapshot<ImportRow, RowResponse> | undefined;
  /** Validates these. */
  start(rows: readonly ImportRow[]): void;
  pause(): void;
  resume(): void;
  stop(): void;
  readonly rate: ValidationRate;
  setRate(rate: ValidationRate): void;
}

/** As many as may be under way, so that slow responses don't slow the pace. */
const AT_ONCE = 4;

/** The rules must keep their identity while nothing in them changes. */
export function useValidateAll(rules: IpsecTunnelRules): Validation {
  const responses = useRef(new WeakMap<ImportRow, RowResponse>());
  const target = useMemo(() => validationTarget(rules, responses.current), [rules]);
  const [rate, setRate] = useState(rememberedRate);
  const { snapshot, start, configure, pause, resume, stop } = useManyRun<ImportRow, RowResponse>();
  return {
    responseTo: (row) => responses.current.get(row),
    snapshot,
    start: (rows) => start(rows, target, { atOnce: AT_ONCE, intervalMs: 1000 / rate }),
    pause,
    resume,
    stop,
    rate,
    setRate(next) {
      setRate(next);
      rememberRate(next);
      configure({ intervalMs: 1000 / next });
    },
  };
}

function validationTarget(
  rules: IpsecTunnelRules,
  responses: WeakMap<ImportRow, RowResponse>,
): ManyTarget<ImportRow, RowResponse> {
  const schema = createIpsecTunnelRequestSchema(rules);
  return {
    async send(row) {
      // Nothing is sent that the schema refuses: its issues stand at the cells already.
      const request = schema.safeParse(requestOf(row.cells, rules.accountId)).data;
      if (request === undefined) return { kind: 'done', result: NOT_SENT, messages: [] };
      const outcome = outcomeOf('validate', await validateIpsecTunnel(rules.accountId, request), createReader);
      // What is about the whole run and not about this row holds the run.
      if (outcome.kind === 'failed' && isAboutRun(outcome)) return outcome;
      const messages = outcome.kind === 'failed' ? [] : outcome.messages;
      const result: RowResponse =
        outcome.kind === 'failed' ? responseOf(outcome) : { kind: 'valid', messages, at: new Date() };
      responses.set(row, result);
      return { kind: 'done', result, messages };
    },
    // A validation has no outcome that could be unknown.
    find: async () => ({ kind: 'not-done' }),
    resultOfFound: () => undefined,
  };
}

const NOT_SENT: RowResponse = {
  kind: 'failed',
  title: 'It has issues, so it was not sent.',
  errors: [],
  at: new Date(0),
};

function isAboutRun({ needsSignIn, isAboutAll, retryAfterS }: Failure): boolean {
  return needsSignIn === true || isAboutAll === true || retryAfterS !== undefined;
}

function responseOf(failure: Failure): RowResponse {
  const { title, code, status } = failure;
  const isRefused = status !== undefined && status < 500 && (!isDeskCode(code) || code === ERRORS.invalidBody.code);
  return { kind: isRefused ? 'refused' : 'failed', title, errors: errorsOfFailure(failure), at: new Date() };
}
