// What the shared schema and the advisories say of the form as it stands, field by field.

import type { Session } from '@tunnel-desk/shared/api/session';
import { type Advisory, adviseOn, type DraftRequest } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import { indexTunnels, type TunnelIndex } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import {
  type CreateIpsecTunnelRequest,
  createIpsecTunnelRequestSchema,
} from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type Issue, toIssues } from '@tunnel-desk/shared/issues';
import { get } from 'react-hook-form';
import { type FieldName, fieldOfPath, type TunnelFormValues, toRequest } from './tunnel-form.ts';

export interface JudgementContext {
  readonly rules: Session['rules'];
  /** The anycast addresses this desk was told of; empty when it was told none. */
  readonly cloudflareEndpoints: readonly string[];
  /** The account's tunnels, as far as they are known. */
  readonly otherTunnels: readonly IpsecTunnel[];
}

export interface Judgement {
  /** What would be sent, right or wrong. */
  readonly draft: DraftRequest;
  /** What the schema makes of it; absent while there are problems. */
  readonly request: CreateIpsecTunnelRequest | undefined;
  readonly problems: readonly Issue[];
  readonly advisories: readonly Advisory[];
}

export function judge(values: TunnelFormValues, context: JudgementContext): Judgement {
  const draft = toRequest(values);
  const parsed = schemaFor(values.account_id, context.rules).safeParse(draft);
  const problems = [
    ...(values.account_id === '' ? [{ path: ['account_id'], message: 'choose the account the tunnel is for' }] : []),
    ...(parsed.success ? [] : toIssues(parsed.error)),
  ];
  return {
    draft,
    request: problems.length === 0 ? parsed.data : undefined,
    problems,
    advisories: adviseOn(draft, {
      otherTunnels: indexOf(context.otherTunnels),
      cloudflareEndpoints: context.cloudflareEndpoints,
      interfaceAddressRules: context.rules.interfaceAddressRules,
    }),
  };
}

let lastIndex: { readonly tunnels: readonly IpsecTunnel[]; readonly index: TunnelIndex } | undefined;

/** The index over the tunnels, built once for each list. */
function indexOf(tunnels: readonly IpsecTunnel[]): TunnelIndex {
  if (lastIndex?.tunnels !== tunnels) lastIndex = { tunnels, index: indexTunnels(tunnels) };
  return lastIndex.index;
}

let lastSchema:
  | { readonly key: string; readonly schema: ReturnType<typeof createIpsecTunnelRequestSchema> }
  | undefined;

/** The schema of the account under the rules; the last one is kept, because the account seldom changes. */
function schemaFor(accountId: string, rules: Session['rules']) {
  const key = JSON.stringify([accountId, rules]);
  if (lastSchema?.key !== key) {
    const schema = createIpsecTunnelRequestSchema({
      accountId: accountId || '<account ID>',
      ...rules,
      healthCheckTarget: 'string',
    });
    lastSchema = { key, schema };
  }
  return lastSchema.schema;
}

/** What is said of one field. */
export interface Verdict {
  readonly problems: readonly Issue[];
  readonly advisories: readonly string[];
  /** What the server said of the value that still stands there. */
  readonly refusals: readonly string[];
}

/** A refusal from the server that belongs to a field. */
export interface FieldRefusal {
  readonly field: FieldName;
  readonly message: string;
}

const NOTHING: Verdict = { problems: [], advisories: [], refusals: [] };

/**
 * The judgement of a form that changes, for components that each watch one field: a verdict keeps its identity as long
 * as it says the same, so that a keystroke renders only the fields about which something new is said.
 */
export class JudgementStore {
  /** Grows with every change of the form. */
  version = 0;
  judgement: Judgement;
  #values: TunnelFormValues;
  #context: JudgementContext;
  #refusals: readonly FieldRefusal[] = [];
  #verdicts = new Map<FieldName, Verdict>();
  readonly #listeners = new Set<() => void>();

  constructor(values: TunnelFormValues, context: JudgementContext) {
    this.#values = values;
    this.#context = context;
    this.judgement = judge(values, context);
    this.#publish();
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  verdictOn(field: FieldName): Verdict {
    return this.#verdicts.get(field) ?? NOTHING;
  }

  /** Takes the form's new values; a refusal lapses when its field changes. */
  setValues(values: TunnelFormValues): void {
    if (JSON.stringify(values) === JSON.stringify(this.#values)) return;
    const before = this.#values;
    this.#values = structuredClone(values);
    this.#refusals = this.#refusals.filter(({ field }) => get(before, field) === get(values, field));
    this.version += 1;
    this.#judge();
  }

  setContext(context: JudgementContext): void {
    if (JSON.stringify(context) === JSON.stringify(this.#context)) return;
    this.#context = context;
    this.#judge();
  }

  setRefusals(refusals: readonly FieldRefusal[]): void {
    this.#refusals = refusals;
    this.#publish();
  }

  #judge(): void {
    this.judgement = judge(this.#values, this.#context);
    this.#publish();
  }

  #publish(): void {
    const next = new Map<FieldName, { problems: Issue[]; advisories: string[]; refusals: string[] }>();
    const entry = (field: FieldName | undefined) => {
      const verdict = (field && next.get(field)) ?? { problems: [], advisories: [], refusals: [] };
      if (field) next.set(field, verdict);
      return verdict;
    };
    for (const problem of this.judgement.problems) entry(fieldOfPath(problem.path)).problems.push(problem);
    for (const { path, message } of this.judgement.advisories) entry(fieldOfPath(path)).advisories.push(message);
    for (const { field, message } of this.#refusals) entry(field).refusals.push(message);
    this.#verdicts = new Map(
      Array.from(next, ([field, verdict]) => {
        const before = this.#verdicts.get(field);
        return [field, before && JSON.stringify(before) === JSON.stringify(verdict) ? before : verdict];
      }),
    );
    for (const listener of this.#listeners) listener();
  }
}
