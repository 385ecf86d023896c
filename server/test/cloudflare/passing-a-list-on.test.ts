// A list of tunnels on its way from Cloudflare through the desk to a client, over real sockets: whole, or visibly broken off.

import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { describe, expect, it, onTestFinished } from 'vitest';
import { letPass, stopClock } from '../support/clock.ts';
import { askApi, create, type Desk, expectNoSecretIn, startDesk, upstreamAt } from '../support/desk.ts';
import { API_TOKEN, FULL_REQUEST, PSK, TUNNEL } from '../support/samples.ts';
import { startStub } from '../support/upstream.ts';

const MIB = 1024 * 1024;
const { psk: _, ...READABLE } = FULL_REQUEST;

/** The tunnel of this number, with every field, and one that nobody knows yet. */
function tunnel(index: number) {
  const id = index.toString(16).padStart(32, '0');
  return {
    ...READABLE,
    ...{ id, name: `branch-${index}`, description: `Zürich ${index}`, later: [{ a: null }, index / 7, 1e21] },
    psk_metadata: { last_generated_on: '2026-01-02T03:04:05.054317925Z' },
    remote_identities: { hex_id: id, fqdn_id: `${id}.ipsec.cloudflare.com`, user_id: `ipsec@${id}` },
  };
}

const tunnels = (count: number, from = 0) => Array.from({ length: count }, (_each, index) => tunnel(from + index));
const envelope = (list: readonly unknown[], rest: object = {}) => ({
  ...{ result: { ipsec_tunnels: list }, success: true, errors: [], messages: [] },
  ...rest,
});
const printed = (list: readonly unknown[], rest: object = {}) => JSON.stringify(envelope(list, rest));

/** So many that a part of them has been sent on before the end arrives. */
const MANY = 3000;
const MANY_PRINTED = printed(tunnels(MANY));

/** A desk whose Cloudflare answers the list as told. */
async function startListing(answer: (response: ServerResponse, query: URLSearchParams) => void, environment = {}) {
  const stub = await startStub((response, { method, url }) => {
    response.setHeader('content-type', 'application/json');
    if (method === 'GET') answer(response, new URL(url ?? '', 'http://localhost').searchParams);
    else response.end(JSON.stringify({ success: true, result: TUNNEL }));
  });
  return { desk: await startDesk({ ...upstreamAt(stub.baseUrl), ...environment }), stub };
}

/** The response to a request for the list, of which nothing has been read yet. */
async function openList(desk: Desk): Promise<IncomingMessage> {
  const request = get(desk.tunnels, { agent: false });
  onTestFinished(() => void request.destroy());
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error('no response');
  return response;
}

/** How the response ended, read to there. */
function endOf(response: IncomingMessage): Promise<string> {
  return readText(response).then(
    () => 'whole',
    (error: Error) => error.message,
  );
}

/** What the log says of the request for the list. */
async function loggedUpstream(desk: Desk): Promise<unknown> {
  const find = () => desk.logLines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request');
  await expect.poll(find).toBeDefined();
  return find()?.upstream;
}

/** Whether they are equal; printing the difference of thousands of tunnels would take minutes. */
function expectSame(received: unknown, expected: unknown): void {
  expect(isDeepStrictEqual(received, expected)).toBe(true);
}

describe('passes on', () => {
  it('10,000 tunnels with every value as it was sent', async () => {
    const sent = envelope(tunnels(10_000), { result_info: { total_count: 10_000 } });
    const { desk } = await startListing((response) => response.setHeader('cf-ray', 'abc').end(JSON.stringify(sent)));
    const response = await openList(desk);
    expect(response.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cf-ray': 'abc' });
    expectSame(JSON.parse(await readText(response)), sent);
    expect(await loggedUpstream(desk)).toEqual({ kind: 'response', status: 200, cfRay: 'abc', codes: [] });
  });

  it.each([
    ['none', []],
    ['one', tunnels(1)],
  ])('a list of %s, with what stands beside it', async (_count, list) => {
    const sent = envelope(list, { messages: [{ code: 1, message: 'm' }], later: { a: 1 } });
    const { desk } = await startListing((response) => response.end(JSON.stringify(sent)));
    const { envelope: received } = await askApi(desk.tunnels);
    expect(received).toEqual(sent);
  });

  it.each([
    ['indented', JSON.stringify(envelope(tunnels(MANY)), null, 2)],
    [
      'with its success first',
      JSON.stringify({ success: true, errors: null, result: { ipsec_tunnels: tunnels(MANY) } }),
    ],
    ['with more in its result', printed(tunnels(MANY), { result: { a: 1, ipsec_tunnels: tunnels(MANY), b: [2] } })],
  ])('a long list that is written another way: %s', async (_how, text) => {
    const { desk } = await startListing((response) => response.end(text));
    const { errors: _errors, messages: _messages, ...sent } = JSON.parse(text);
    expectSame(JSON.parse(await readText(await openList(desk))), { ...sent, errors: [], messages: [] });
  });

  it('the pages of a list as one list', async () => {
    const { desk, stub } = await startListing((response, query) => {
      const page = Number(query.get('page') ?? 1);
      const result_info = { page, per_page: 1000, total_count: MANY, total_pages: 3 };
      response.end(printed(tunnels(1000, (page - 1) * 1000), { result_info }));
    });
    expectSame(JSON.parse(await readText(await openList(desk))), envelope(tunnels(MANY)));
    expect(stub.requests).toHaveLength(3);
  });

  it('a list of up to 32 MiB, to whoever asks for its head too', async () => {
    const padded = (length: number) => printed([...tunnels(MANY), { ...TUNNEL, later: 'x'.repeat(length) }]);
    const filler = Array.from({ length: 31 }, (_each, index) => ({
      ...TUNNEL,
      id: `f${index}`,
      later: 'x'.repeat(MIB / 2),
    }));
    const { desk } = await startListing((response) => response.end(printed([...filler, ...tunnels(MANY)])));
    expect(padded(1).length).toBeGreaterThan(MIB);
    expect(JSON.parse(await readText(await openList(desk))).result.ipsec_tunnels).toHaveLength(MANY + 31);
    const { status } = await fetch(desk.tunnels, { method: 'HEAD' });
    expect(status).toBe(200);
  });
});

describe('keeps secrets out of a long list', () => {
  it('wherever the bytes are cut, in values, keys and escapes, and any key named psk', async () => {
    const echoes = tunnels(MANY).map((each, index) => ({
      ...each,
      [`echo ${index}`]: `x${PSK}y`,
      [PSK]: 1,
      psk: 'other',
    }));
    const text = printed(echoes, { messages: [{ code: 1, message: `${PSK} ${API_TOKEN}` }] })
      .replace(PSK, `\\u0070${PSK.slice(1)}`)
      .replace('"psk"', '"\\u0070sk"');
    const { desk } = await startListing((response) => {
      // Cut in every place of an entry: pieces of a length that no entry has.
      const bytes = Buffer.from(text);
      for (let start = 0; start < bytes.length; start += 911) response.write(bytes.subarray(start, start + 911));
      response.end();
    });
    await create(desk, FULL_REQUEST);
    const received = await readText(await openList(desk));
    expectNoSecretIn(received);
    const { result, messages } = JSON.parse(received);
    expect(messages).toEqual([{ code: 1, message: '[redacted] [redacted]' }]);
    expectSame(
      result.ipsec_tunnels,
      tunnels(MANY).map((each, index) => ({ ...each, [`echo ${index}`]: 'x[redacted]y', '[redacted]': 1 })),
    );
  });

  it('as the token, in one entry of many', async () => {
    const list = tunnels(MANY).map((each, index) =>
      index === MANY - 5 ? { ...each, later: `Bearer ${API_TOKEN}` } : each,
    );
    const { desk } = await startListing((response) => response.end(printed(list)));
    const received = await readText(await openList(desk));
    expectNoSecretIn(received);
    expect(JSON.parse(received).result.ipsec_tunnels[MANY - 5]).toEqual({
      ...tunnel(MANY - 5),
      later: 'Bearer [redacted]',
    });
  });
});

/** What a list can turn out to be only at its end; `cut` closes the connection to Cloudflare in the middle. */
const BREAKS: [what: string, upstream: object, answer: (response: ServerResponse, query: URLSearchParams) => void][] = [
  ['is cut short', { kind: 'connection-lost' }, (response) => cut(response, MANY_PRINTED.slice(0, -100))],
  ['ends too early', { content: 'content that is not JSON' }, (response) => response.end(MANY_PRINTED.slice(0, -1))],
  ['goes on behind its end', { content: 'content that is not JSON' }, (response) => response.end(`${MANY_PRINTED}}`)],
  ['has an entry that is no tunnel', {}, (response) => response.end(printed([...tunnels(MANY), { id: 'x' }]))],
  [
    'has an entry that is not JSON',
    { content: 'content that is not JSON' },
    (response) => response.end(printed([...tunnels(MANY), 'x']).replace('"x"', '{"a":}')),
  ],
  ['has an ID twice', {}, (response) => response.end(printed([...tunnels(MANY), tunnel(7)]))],
  [
    'says that it has more',
    {},
    (response) => response.end(printed(tunnels(MANY), { result_info: { total_count: MANY + 1 } })),
  ],
  ['says that it is no success', {}, (response) => response.end(printed(tunnels(MANY), { success: false }))],
  [
    'has errors nobody can read',
    { content: 'JSON of another form' },
    (response) => response.end(printed(tunnels(MANY), { errors: 'no' })),
  ],
  ['comes twice', {}, (response) => response.end(MANY_PRINTED.replace(/\}$/, ',"result":{"ipsec_tunnels":[]}}'))],
  [
    'has a page that fails',
    { kind: 'response', status: 403, codes: [10_000] },
    (response, query) => {
      if (query.has('page')) response.writeHead(403).end('{"success":false,"errors":[{"code":10000,"message":"no"}]}');
      else response.end(printed(tunnels(MANY), { result_info: { page: 1, total_pages: 2 } }));
    },
  ],
  [
    'is longer than 32 MiB',
    { content: 'too much content' },
    (response) => {
      response.write(MANY_PRINTED.slice(0, MANY_PRINTED.indexOf(']}')));
      const entry = `,${JSON.stringify({ ...TUNNEL, later: 'x'.repeat(MIB / 4) })}`;
      for (let index = 0; index < 130; index++) response.write(entry.replace(TUNNEL.id, `f${index}`));
    },
  ],
];

function cut(response: ServerResponse, text: string): void {
  response.write(text, () => response.destroy());
}

describe('a list that turns out not to be whole after a part of it was sent', () => {
  it.each(BREAKS)('ends with the connection where it %s', async (_what, upstream, answer) => {
    const { desk } = await startListing(answer);
    const response = await openList(desk);
    expect(response.statusCode).toBe(200);
    expect(await endOf(response)).toBe('aborted');
    expect(response.complete).toBe(false);
    expect(await loggedUpstream(desk)).toMatchObject({ kind: 'unintelligible', ...upstream });
  });

  it('ends with the connection where Cloudflare falls silent, and only the wait for it counts', async () => {
    const { desk } = await startListing((response) => void response.write(MANY_PRINTED.slice(0, -100)));
    stopClock();
    const response = await openList(desk);
    const received = endOf(response);
    // Once all of it has come through, the desk waits for more.
    await expect.poll(() => response.socket.bytesRead).toBeGreaterThan(MANY_PRINTED.length * 0.9);
    letPass(15_000);
    expect(await received).toBe('aborted');
    expect(await loggedUpstream(desk)).toEqual({ kind: 'timed-out' });
  });
});

describe('a list that is known not to be whole before anything was sent', () => {
  const SHORT: typeof BREAKS = [
    ['is cut short', {}, (response) => cut(response, printed(tunnels(3)).slice(0, -100))],
    ['has an entry that is no tunnel', {}, (response) => response.end(printed([...tunnels(3), {}]))],
    ['has one among the first of many', {}, (response) => response.end(printed([{}, ...tunnels(MANY)]))],
    ['says so before many entries', {}, (response) => response.end(`{"success":false,${MANY_PRINTED.slice(1)}`)],
    ['is no JSON before many entries', {}, (response) => response.end(`{x,${MANY_PRINTED.slice(1)}`)],
    ['is no success', {}, (response) => response.end('{"success":false,"errors":[{"code":1,"message":"no"}]}')],
    ['is a success with another status', {}, (response) => response.writeHead(500).end(printed(tunnels(3)))],
    ['says that it is too long', {}, (response) => response.setHeader('content-length', 33 * MIB).flushHeaders()],
    [
      'has a page that fails',
      {},
      (response, query) => {
        if (query.has('page')) response.writeHead(204).end();
        else response.end(printed(tunnels(3), { result_info: { page: 1, total_pages: 2 } }));
      },
    ],
  ];

  it.each(SHORT)('is responded to with an error where it %s', async (_what, _upstream, answer) => {
    const { desk } = await startListing(answer);
    const { status, envelope: received } = await askApi(desk.tunnels);
    expect(status).toBe(502);
    expect([ERRORS.upstreamUnintelligible.code, ERRORS.upstreamConnectionLost.code]).toContain(
      received.errors[0]?.code,
    );
  });

  it('is asked for again where that may help', async () => {
    let asked = 0;
    const { desk } = await startListing((response) => {
      asked += 1;
      if (asked < 3) cut(response, printed(tunnels(3)).slice(0, -100));
      else response.end(printed(tunnels(3)));
    });
    expect((await askApi(desk.tunnels)).envelope.result).toEqual({ ipsec_tunnels: tunnels(3) });
  });
});

/** Writes a list without an end for as long as somebody reads it; `written` counts its bytes. */
function startEndless() {
  const state = { written: 0, closed: Promise.withResolvers<void>() };
  const answer = (response: ServerResponse) => {
    response.once('close', () => state.closed.resolve());
    let index = 0;
    const writeOn = () => {
      let hasRoom = true;
      while (hasRoom && !response.destroyed) {
        const text = (index === 0 ? '{"result":{"ipsec_tunnels":[' : ',') + JSON.stringify(tunnel(index));
        hasRoom = response.write(text);
        state.written += text.length;
        index += 1;
      }
      if (!response.destroyed) response.once('drain', writeOn);
    };
    writeOn();
  };
  return { state, answer };
}

describe('a client', () => {
  it('that reads nothing keeps the desk from reading on', async () => {
    const { state, answer } = startEndless();
    const { desk } = await startListing(answer);
    const response = await openList(desk);
    response.pause();
    // Until nothing moves any more: what was written stands in the buffers of three sockets.
    let before = -1;
    await expect
      .poll(
        () => {
          const hasStopped = state.written === before;
          before = state.written;
          return hasStopped;
        },
        { interval: 500, timeout: 60_000 },
      )
      .toBe(true);
    expect(state.written).toBeLessThan(20 * MIB);
  });

  it('that goes away in the middle lets go of the connection to Cloudflare', async () => {
    const { state, answer } = startEndless();
    const { desk } = await startListing(answer);
    const response = await openList(desk);
    response.destroy();
    await state.closed.promise;
    expect(await loggedUpstream(desk)).toEqual({ kind: 'arriving' });
  });

  it('that goes away while Cloudflare is silent does so too, at once', async () => {
    const closed = Promise.withResolvers<void>();
    const { desk } = await startListing((response) => {
      response.once('close', closed.resolve).write(MANY_PRINTED.slice(0, -100));
    });
    stopClock();
    const response = await openList(desk);
    response.resume();
    await nextTurn();
    response.destroy();
    await closed.promise;
  });
});
