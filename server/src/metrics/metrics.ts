// What the desk measures, as Prometheus reads it: https://github.com/siimon/prom-client
//
// No label has a value that a client can choose: it could fill the memory, or give a secret to those who read the metrics.

import type { AuditAction, AuditResult } from '@tunnel-desk/shared/api/audit';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { UpstreamCall } from '../cloudflare/client.ts';
import type { HealthCounts } from '../health/health-reader.ts';
import type { DriftCounts } from '../known-tunnels/drift-reader.ts';

export interface MeasuredRequest {
  readonly method: string;
  /** The pattern of the route, never the URL; `undefined` where there was none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly durationMs: number;
}

export interface Metrics {
  observeRequest(request: MeasuredRequest): void;
  observeUpstreamCall(call: UpstreamCall): void;
  /** Counts a change or a validation by how it ended. */
  countSubmission(action: AuditAction, result: AuditResult): void;
  /** Takes what was read of an account's tunnels; `checkedAt` in milliseconds since the epoch. */
  observeHealth(accountId: string, counts: HealthCounts, checkedAt: number): void;
  /** Has this called before each printing, which does not wait for it: what it brings is in the next one. */
  beforePrint(refresh: () => void): void;
  /** Takes how many tunnels of an account are not as the desk knew them. */
  observeDrift(accountId: string, counts: DriftCounts): void;
  /** Everything measured, in the format of {@link contentType}. */
  print(): Promise<string>;
  readonly contentType: string;
}

/** In seconds. A create may take the upstream's whole time limit, and then be looked for. */
const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];
/** Node.js knows some thirty more, which no normal client sends. */
const USUAL_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures from now on, the process and its event loop too. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tunnel_desk_http_request_duration_seconds',
    help: 'From the head of a request to the end of its response.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  const upstreamCalls = new Histogram({
    name: 'tunnel_desk_upstream_call_duration_seconds',
    help: 'One call to Cloudflare; a repeated call counts again.',
    labelNames: ['operation', 'outcome'],
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  const submissions = new Counter({
    name: 'tunnel_desk_submissions_total',
    help: 'Changes and validations, by how they ended.',
    labelNames: ['action', 'result'],
    registers,
  });
  const tunnels = new Gauge({
    name: 'tunnel_desk_tunnels',
    help: 'Tunnels by the state that Cloudflare measured, as of the last reading of their health.',
    labelNames: ['account', 'state'],
    registers,
  });
  const healthChecks = new Map<string, number>();
  new Gauge({
    name: 'tunnel_desk_health_age_seconds',
    help: 'For how long the health of the tunnels has not been read from Cloudflare.',
    labelNames: ['account'],
    registers,
    collect() {
      for (const [account, checkedAt] of healthChecks) this.set({ account }, (Date.now() - checkedAt) / 1000);
    },
  });
  const refreshers: (() => void)[] = [];
  const drift = new Gauge({
    name: 'tunnel_desk_drift_tunnels',
    help: 'Tunnels that were changed, deleted or made elsewhere, as of the last comparison.',
    labelNames: ['account', 'kind'],
    registers,
  });
  return {
    observeRequest: ({ method, route = 'none', status, durationMs }) =>
      requests.observe({ method: USUAL_METHODS.has(method) ? method : 'other', route, status }, durationMs / 1000),
    observeUpstreamCall: ({ operation, outcome, durationMs }) =>
      upstreamCalls.observe({ operation, outcome }, durationMs / 1000),
    countSubmission: (action, result) => submissions.inc({ action, result }),
    observeDrift(accountId, counts) {
      for (const [kind, count] of Object.entries(counts)) drift.set({ account: accountId, kind }, count);
    },
    observeHealth(accountId, counts, checkedAt) {
      healthChecks.set(accountId, checkedAt);
      for (const [state, count] of Object.entries(counts)) tunnels.set({ account: accountId, state }, count);
    },
    beforePrint: (refresh) => void refreshers.push(refresh),
    print() {
      for (const refresh of refreshers) refresh();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
