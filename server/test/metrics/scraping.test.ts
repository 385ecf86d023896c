import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { ask, create, type Desk, expectNoSecretIn, startDesk, upstreamAt } from '../support/desk.ts';
import { rawRequest, sendRaw } from '../support/raw-http.ts';
import { ACCOUNT_ID, FULL_REQUEST, PSK, SMALLEST_REQUEST } from '../support/samples.ts';
import { closedPort } from '../support/upstream.ts';

const ROUTE = '/api/accounts/:account_id/magic/ipsec_tunnels';

const startMeasured = (environment: NodeJS.ProcessEnv = {}) => startDesk({ METRICS_PORT: '0', ...environment });

function metricsOf({ logLines }: Desk): string {
  const url = /Metrics are at (http:[^"]+)/.exec(logLines.join(''))?.[1];
  if (url === undefined) throw new Error('the log names no address of the metrics');
  return url;
}

interface Scrape {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** One request as it stands here, because fetch would add to it what browsers do. */
async function scrape(url: string, { method = 'GET', headers = {} }: Scrape = {}) {
  const request = httpRequest(url, { method, headers }).end();
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  const body = await text(response);
  expectNoSecretIn(body);
  return { status: response.statusCode, headers: response.headers, body };
}

/** Scrapes until the line is there: a request is measured once its answer has left. */
async function scrapeUntil(desk: Desk, line: string): Promise<string> {
  for (;;) {
    const { body } = await scrape(metricsOf(desk));
    if (body.includes(line)) return body;
    await setImmediate();
  }
}

it('tells how long requests took, by method, route and status', async () => {
  const desk = await startMeasured();
  await create(desk, SMALLEST_REQUEST);
  await ask(`${desk.origin}/api/typed-here?key=typed-here`);
  const line = (labels: string) => `tunnel_desk_http_request_duration_seconds_count{${labels}} 1`;
  await scrapeUntil(desk, line(`method="POST",route="${ROUTE}",status="200"`));
  await scrapeUntil(desk, line('method="GET",route="none",status="404"'));
});

it('tells how many tunnels of an account are in which state, and how old that is, though nobody looks', async () => {
  const desk = await startMeasured({ SANDBOX_TUNNELS: '20' });
  const body = await scrapeUntil(desk, `tunnel_desk_health_age_seconds{account="${ACCOUNT_ID}"}`);
  const counts = [...body.matchAll(/^tunnel_desk_tunnels\{account="(\w+)",state="(\w+)"\} (\d+)$/gm)];
  expect(counts.map(([, account, state]) => [account, state])).toEqual(
    ['down', 'degraded', 'healthy'].map((state) => [ACCOUNT_ID, state]),
  );
  expect(counts.reduce((sum, [, , , count]) => sum + Number(count), 0)).toBe(20);
  expect(body).toContain('upstream_call_duration_seconds_count{operation="query-graphql",outcome="succeeded"} 1');
});

it.each([
  ['a create that succeeds', SMALLEST_REQUEST, '', 'operation="create",outcome="succeeded"'],
  ['a validation', SMALLEST_REQUEST, '?validate_only=true', 'operation="validate",outcome="succeeded"'],
])('tells how long calls to Cloudflare took: %s', async (_what, body, query, labels) => {
  const desk = await startMeasured();
  await create(desk, body, { query });
  await scrapeUntil(desk, `tunnel_desk_upstream_call_duration_seconds_count{${labels}} 1`);
});

it('tells of calls that Cloudflare refused or that did not reach it, each repetition too', async () => {
  const desk = await startMeasured();
  await create(desk, SMALLEST_REQUEST);
  await create(desk, SMALLEST_REQUEST);
  await scrapeUntil(desk, 'upstream_call_duration_seconds_count{operation="create",outcome="refused"} 1');
  const cutOff = await startMeasured(upstreamAt(`http://127.0.0.1:${await closedPort()}`));
  await create(cutOff, SMALLEST_REQUEST, { query: '?validate_only=true' });
  await scrapeUntil(cutOff, 'upstream_call_duration_seconds_count{operation="validate",outcome="unreachable"} 3');
});

it('counts submissions of the desk by what came of them', async () => {
  const desk = await startMeasured();
  await create(desk, SMALLEST_REQUEST, { query: '?validate_only=true' });
  await create(desk, SMALLEST_REQUEST);
  await create(desk, SMALLEST_REQUEST);
  await scrapeUntil(desk, 'tunnel_desk_submissions_total{action="create",result="refused"} 1');
  await scrapeUntil(desk, 'tunnel_desk_submissions_total{action="create",result="created"} 1');
  await scrapeUntil(desk, 'tunnel_desk_submissions_total{action="validate",result="validated"} 1');
});

it('counts submissions by what came of them', async () => {
  const metrics = createMetrics();
  metrics.countSubmission('create', 'created');
  metrics.countSubmission('create', 'created');
  metrics.countSubmission('validate', 'refused');
  const printed = await metrics.print();
  expect(printed).toContain('tunnel_desk_submissions_total{action="create",result="created"} 2');
  expect(printed).toContain('tunnel_desk_submissions_total{action="validate",result="refused"} 1');
});

it('tells how many tunnels were changed, deleted and made elsewhere, by account', async () => {
  const metrics = createMetrics();
  metrics.observeDrift(ACCOUNT_ID, { changed: 3, deleted: 0, made: 1 });
  metrics.observeDrift(ACCOUNT_ID, { changed: 2, deleted: 0, made: 1 });
  const printed = await metrics.print();
  for (const [kind, count] of [
    ['changed', 2],
    ['deleted', 0],
    ['made', 1],
  ]) {
    expect(printed).toContain(`tunnel_desk_drift_tunnels{account="${ACCOUNT_ID}",kind="${kind}"} ${count}`);
  }
  const desk = await startMeasured();
  await ask(`${desk.origin}/api/accounts/${ACCOUNT_ID}/drift`);
  await scrapeUntil(desk, `tunnel_desk_drift_tunnels{account="${ACCOUNT_ID}",kind="changed"} 0`);
});

it('tells of the process and its event loop', async () => {
  const { body, headers } = await scrape(metricsOf(await startMeasured()));
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(body).toMatch(/^nodejs_eventloop_lag_p99_seconds \S+$/m);
  expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
});

it('repeats nothing that a client chose', async () => {
  const desk = await startMeasured();
  await create(desk, FULL_REQUEST);
  await create(desk, { ...SMALLEST_REQUEST, name: PSK });
  await sendRaw(desk.origin, rawRequest(`PURGE /api/${PSK}`));
  await sendRaw(desk.origin, rawRequest(`GET /${PSK}?${PSK}`, [`Host: ${PSK}`, `${PSK}: ${PSK}`]));
  await scrapeUntil(desk, 'tunnel_desk_http_request_duration_seconds_count{method="POST"');
  const { body } = await scrape(metricsOf(desk));
  for (const chosen of [PSK, 'PURGE', ACCOUNT_ID, FULL_REQUEST.name]) expect(body).not.toContain(chosen);
});

it('is off unless its port is named', async () => {
  expect((await startDesk()).logLines.join('')).not.toContain('Metrics are at');
});

it('is not on the desk’s own listener', async () => {
  const desk = await startMeasured();
  const { text: page } = await ask(`${desk.origin}/metrics`);
  expect(page).not.toContain('nodejs_');
});

it.each<[string, Scrape, number]>([
  ['Prometheus, by address', { headers: { host: '10.0.0.7:9464' } }, 200],
  ['Prometheus, by IPv6 address', { headers: { host: '[fd00::7]:9464' } }, 200],
  ['Prometheus, by the name of a container', { headers: { host: 'tunnel-desk:9464' } }, 200],
  ['a page of another site', { headers: { origin: 'https://evil.example' } }, 403],
  ['a page’s image or script', { headers: { 'sec-fetch-mode': 'no-cors' } }, 403],
  ['a page whose name was rebound to this address', { headers: { host: 'evil.example:9464' } }, 421],
  ['a malformed host name', { headers: { host: 'a b' } }, 421],
  ['another method', { method: 'POST' }, 405],
])('answers %s as it should', async (_who, how, status) => {
  const answer = await scrape(metricsOf(await startMeasured()), how);
  expect(answer.status).toBe(status);
  if (status !== 200) expect(answer.body).toBe('');
});

it('has nothing but the metrics and the probes', async () => {
  const url = metricsOf(await startMeasured());
  for (const path of ['/', '/metrics/', '/metrics?name=x', '/healthz/', '/api/session']) {
    expect((await scrape(new URL(path, url).href)).status).toBe(404);
  }
});

describe('the probes', () => {
  const probe = (desk: Desk, path: string, how?: Scrape) => scrape(new URL(path, metricsOf(desk)).href, how);

  it('respond beside the metrics, as on the desk’s own listener', async () => {
    const desk = await startMeasured();
    for (const path of ['/healthz', '/readyz']) {
      const { status, text: own } = await ask(desk.origin + path);
      const { headers, ...beside } = await probe(desk, path, { headers: { host: 'checker.example.com' } });
      expect(beside).toEqual({ status, body: own });
      expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    }
  });

  it('say there too what is not ready', async () => {
    const desk = await startMeasured(upstreamAt(`http://127.0.0.1:${await closedPort()}`));
    const { status, body } = await probe(desk, '/readyz');
    expect({ status, body: JSON.parse(body) }).toMatchObject({
      status: 503,
      body: { success: false, result: { checks: { auditTrail: 'ok', token: 'failing' } } },
    });
  });

  it('respond while the desk’s own listener takes nobody', async () => {
    const desk = await startDesk({ METRICS_PORT: '0' }, { connectionLimits: { connections: 0 } });
    expect(await sendRaw(desk.origin, rawRequest('GET /healthz')).catch(() => '')).toBe('');
    expect((await probe(desk, '/healthz')).status).toBe(200);
    expect((await probe(desk, '/readyz')).status).toBe(200);
  });

  it('are not for browsers', async () => {
    const desk = await startMeasured();
    expect((await probe(desk, '/readyz', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await probe(desk, '/readyz', { method: 'POST' })).status).toBe(405);
  });
});
