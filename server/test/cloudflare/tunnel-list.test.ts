// Whether a list of tunnels is the whole of it.

import { afterEach, describe, expect, it } from 'vitest';
import { type CloudflareClient, createCloudflareClient } from '../../src/cloudflare/client.ts';
import { Secret } from '../../src/secret.ts';
import { ACCOUNT_ID, API_TOKEN, TUNNEL } from '../support/samples.ts';
import { startStub } from '../support/upstream.ts';

const TUNNELS = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...TUNNEL, id, name: `tunnel-${id}` }));

let client: CloudflareClient | undefined;
afterEach(() => client?.close());

/** What the client reads where the upstream has these pages; `undefined` stands for one that fails. */
async function listOf(pageFor: (query: URLSearchParams) => object | undefined) {
  const stub = await startStub((response, { url }) => {
    const page = pageFor(new URL(url ?? '', 'http://localhost').searchParams);
    if (page === undefined) response.writeHead(403).end('no');
    else response.end(JSON.stringify({ success: true, errors: [], messages: [], ...page }));
  });
  client = createCloudflareClient({ baseUrl: stub.baseUrl, token: new Secret(API_TOKEN), timeoutMs: 5000 });
  const target = { healthCheckTarget: 'string' } as const;
  const response = await client.listIpsecTunnels(ACCOUNT_ID, target);
  if (response.kind !== 'response' || !response.success) throw new Error('no list');
  const { tunnels, isComplete } = response.result;
  return { ids: tunnels.map(({ id }) => id).join(''), isComplete, passedOn: await readArriving(client, target), stub };
}

/** What the client passes on; `undefined` where it says that there is no whole list. */
async function readArriving(from: CloudflareClient, target: { readonly healthCheckTarget: 'string' }) {
  const list = await from.passOnIpsecTunnels(ACCOUNT_ID, target);
  if (list.kind !== 'arriving') return undefined;
  let text = '';
  for (;;) {
    const step = await list.json.next();
    if (step.done) return step.value.kind === 'response' && step.value.success ? JSON.parse(text) : undefined;
    text += step.value;
  }
}

const entries = (tunnels: readonly unknown[]) => ({ result: { ipsec_tunnels: tunnels } });

/** A list of pages of two. */
function paged(query: URLSearchParams, info: object = {}) {
  const page = Number(query.get('page') ?? 1);
  const result_info = { page, per_page: 2, count: 2, total_count: 5, total_pages: 3, ...info };
  return { ...entries(TUNNELS.slice(2 * page - 2, 2 * page)), result_info };
}

describe('is whole', () => {
  it.each<[string, (query: URLSearchParams) => object]>([
    ['in one piece', () => entries(TUNNELS)],
    ['in one page', () => ({ ...entries(TUNNELS), result_info: { page: 1, total_pages: 1, total_count: 5 } })],
    ['with nothing to say of pages', () => ({ ...entries(TUNNELS), result_info: null })],
    ['in three pages', (query) => paged(query)],
    ['in pages that are only counted', (query) => paged(query, { total_count: undefined })],
    ['in pages of which only the entries are counted', (query) => paged(query, { total_pages: undefined })],
    [
      'behind cursors',
      (query) => {
        const start = Number(query.get('cursor') ?? 0);
        const after = start + 2 < TUNNELS.length ? String(start + 2) : '';
        return { ...entries(TUNNELS.slice(start, start + 2)), result_info: { cursors: { after } } };
      },
    ],
  ])('%s', async (_what, pageFor) => {
    const { ids, isComplete, passedOn } = await listOf(pageFor);
    expect({ ids, isComplete }).toEqual({ ids: 'abcde', isComplete: true });
    expect(passedOn).toMatchObject({ success: true, errors: [], messages: [], ...entries(TUNNELS) });
  });
});

describe('is not whole and not passed on, and what can be read of it is', () => {
  it.each<[string, string, (query: URLSearchParams) => object | undefined]>([
    ['with an entry that cannot be read', 'abcde', () => entries([...TUNNELS, { id: 'f' }])],
    ['with a page that fails', 'ab', (query) => (query.get('page') === '2' ? undefined : paged(query))],
    ['with the first page whatever is asked for', 'ab', () => paged(new URLSearchParams())],
    ['with fewer entries than it counts', 'abcde', (query) => paged(query, { total_count: 6 })],
    ['with an entry twice', 'a', () => entries([TUNNELS[0], TUNNELS[0]])],
    ['with pages nobody can make sense of', 'abcde', () => ({ ...entries(TUNNELS), result_info: 'many' })],
    ['with pages without end', '', () => ({ ...entries([]), result_info: { cursor: 'again' } })],
  ])('%s', async (_what, ids, pageFor) => {
    expect(await listOf(pageFor)).toMatchObject({ ids, isComplete: false, passedOn: undefined });
  });
});
