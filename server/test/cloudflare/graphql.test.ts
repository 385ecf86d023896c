// What the client makes of a response of Cloudflare's GraphQL API.

import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createCloudflareClient, type UpstreamCall } from '../../src/cloudflare/client.ts';
import { MAX_GRAPHQL_BYTES } from '../../src/cloudflare/graphql.ts';
import { Secret } from '../../src/secret.ts';
import { ACCOUNT_ID, API_TOKEN } from '../support/samples.ts';
import { closedPort, type StubResponse, startStubResponding } from '../support/upstream.ts';

const QUERY = {
  text: 'query ($accountTag: string!) { viewer { accounts(filter: { accountTag: $accountTag }) { name } } }',
  variables: { accountTag: ACCOUNT_ID },
  data: z.object({ viewer: z.object({ name: z.string() }) }),
};
const DATA = { viewer: { name: 'Head office' } };

function clientOf(baseUrl: string) {
  const calls: UpstreamCall[] = [];
  const observe = (call: UpstreamCall) => void calls.push(call);
  const client = createCloudflareClient({ baseUrl, token: new Secret(API_TOKEN), timeoutMs: 15_000, observe });
  onTestFinished(() => client.close());
  return { client, calls };
}

async function ask(response: StubResponse) {
  const { baseUrl, requests } = await startStubResponding(response);
  const { client, calls } = clientOf(baseUrl);
  return { read: await client.queryGraphql(QUERY), requests, calls };
}

it('sends the query and its variables with the token, and reads the data', async () => {
  const { read, requests, calls } = await ask({ body: { data: DATA, errors: null } });
  expect(read).toMatchObject({ kind: 'response', success: true, data: DATA, errors: [] });
  expect(requests).toMatchObject([{ method: 'POST', url: '/client/v4/graphql' }]);
  expect(requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${API_TOKEN}`,
    'content-type': 'application/json',
  });
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ query: QUERY.text, variables: QUERY.variables });
  expect(calls).toMatchObject([{ operation: 'query-graphql', outcome: 'succeeded' }]);
});

const ERROR = { message: 'unable to execute query', path: ['viewer'], extensions: { code: 'timeout' } };

it.each([
  ['data beside errors', { data: DATA, errors: [ERROR] }, DATA],
  ['no data', { data: null, errors: [ERROR] }, undefined],
  ['data of another form, explained by the error', { data: { viewer: null }, errors: [ERROR] }, undefined],
])('takes %s for no success, and keeps what came', async (_what, body, data) => {
  const { read, calls } = await ask({ body });
  expect(read).toMatchObject({ kind: 'response', status: 200, success: false });
  expect(read).toMatchObject({ data, errors: [{ message: ERROR.message, code: 'timeout' }] });
  expect(calls).toMatchObject([{ outcome: 'refused' }]);
});

it('reads a refusal in the envelope', async () => {
  const body = { success: false, errors: [{ code: 10000, message: 'Authentication error' }], result: null };
  const { read } = await ask({ status: 403, body });
  expect(read).toMatchObject({ kind: 'response', status: 403, errors: [{ code: '10000' }], data: undefined });
});

it.each([
  ['HTML', '<!doctype html><p>Bad gateway', 'HTML'],
  ['nothing', '', 'no content'],
  ['JSON without data or errors', '{"result":1}', 'JSON of another form'],
  ['other data, unexplained', { data: { viewer: null } }, 'an unexpected result'],
  ['more than it keeps', ' '.repeat(MAX_GRAPHQL_BYTES + 1), 'too much content'],
])('takes %s for no response of the API', async (_what, body, content) => {
  const { read } = await ask({ body });
  expect(read).toMatchObject({ kind: 'unintelligible', content });
});

it('keeps megabytes of rows', async () => {
  const name = 'x'.repeat(2 * 1024 * 1024);
  const { read } = await ask({ body: { data: { viewer: { name } } } });
  expect(read).toMatchObject({ success: true, data: { viewer: { name } } });
});

it('blacks the token out of whatever comes', async () => {
  const errors = [{ message: `no account for ${API_TOKEN}`, extensions: { code: API_TOKEN } }];
  const { read } = await ask({ body: { data: { viewer: { name: API_TOKEN } }, errors } });
  expect(read).toMatchObject({ kind: 'response', success: false });
  expect(JSON.stringify(read)).not.toContain(API_TOKEN);
});

it('asks again where that may help', async () => {
  const { requests } = await ask({
    status: 503,
    headers: { 'retry-after': '0' },
    body: { data: null, errors: [ERROR] },
  });
  expect(requests).toHaveLength(3);
});

it('says that nobody was there', async () => {
  const { client } = clientOf(`http://127.0.0.1:${await closedPort()}/client/v4`);
  expect(await client.queryGraphql(QUERY)).toMatchObject({ kind: 'unreachable' });
});
