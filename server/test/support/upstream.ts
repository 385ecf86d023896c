// What stands in for Cloudflare behind a desk: a sandbox with failures, an HTTP stub, a bare TCP socket, or nothing.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { envelopeSchema } from '@tunnel-desk/shared/api/envelope';
import { ipsecTunnelsPath } from '@tunnel-desk/shared/api/paths';
import { type IpsecTunnel, ipsecTunnelSchema, tunnelListSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { onTestFinished } from 'vitest';
import type { FailureFor } from '../../src/sandbox/injected-failures.ts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { ACCOUNT_ID, API_TOKEN } from './samples.ts';

/** A sandbox that notes the method of every request it gets, and fails as told. */
export async function startSandboxUpstream(
  failureFor: FailureFor = () => undefined,
  options: Partial<SandboxOptions> = {},
) {
  const methods: string[] = [];
  const sandbox = await startSandbox({
    accountIds: [ACCOUNT_ID],
    rules: { interfaceAddressRules: 'reference' },
    token: new Secret(API_TOKEN),
    ...options,
    failureFor: (request) => {
      methods.push(request.method);
      return failureFor(request);
    },
  });
  onTestFinished(() => sandbox.close());
  return { baseUrl: sandbox.baseUrl, methods };
}

/** What the sandbox holds, asked past the desk; its `user-agent` tells this question from the desk's. */
export async function tunnelsIn({ baseUrl }: { readonly baseUrl: string }): Promise<IpsecTunnel[]> {
  const response = await fetch(`${baseUrl}${ipsecTunnelsPath(ACCOUNT_ID)}?per_page=1000`, {
    headers: { authorization: `Bearer ${API_TOKEN}`, 'user-agent': 'the test' },
  });
  const envelope = envelopeSchema.parse(await response.json());
  return tunnelListSchema.parse(envelope.result).ipsec_tunnels;
}

/** Creates a tunnel in the sandbox, past the desk. */
export async function createIn({ baseUrl }: { readonly baseUrl: string }, body: object): Promise<IpsecTunnel> {
  const response = await fetch(baseUrl + ipsecTunnelsPath(ACCOUNT_ID), {
    method: 'POST',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', 'user-agent': 'the test' },
    body: JSON.stringify(body),
  });
  return ipsecTunnelSchema.parse(envelopeSchema.parse(await response.json()).result);
}

/** The base URL of a way to a server that resets a connection over which comes what is to be reset, unread. */
export async function startResettingFront(baseUrl: string, isReset: (bytes: Buffer) => boolean): Promise<string> {
  const { hostname, port, pathname } = new URL(baseUrl);
  const frontPort = await startTcp((socket) => {
    const behind = connect(Number(port), hostname);
    behind.on('error', () => socket.destroy());
    socket.on('close', () => behind.destroy());
    socket.on('data', (bytes) => {
      if (isReset(bytes)) socket.resetAndDestroy();
      else behind.write(bytes);
    });
    behind.pipe(socket);
  });
  return `http://127.0.0.1:${frontPort}${pathname}`;
}

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that reads each request whole, notes it, and answers as told. */
export async function startStub(answer: (response: ServerResponse, request: ReceivedRequest) => void) {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { method, url, headers } = incoming;
    const request = { method, url, headers, body: await text(incoming) };
    requests.push(request);
    answer(response, request);
  });
  onTestFinished(() => server.closeAllConnections());
  return { baseUrl: `http://127.0.0.1:${await listen(server)}/client/v4`, requests };
}

export interface StubResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A stub that always answers this; a body that is already text is sent as it is. */
export function startStubResponding({ status = 200, headers = {}, body }: StubResponse) {
  return startStub((response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** A TCP server that leaves every byte to the test. */
export async function startTcp(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return listen(server);
}

/** A loopback port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listenOnce(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A free loopback port on which the server listens until the test ends. */
export async function listen(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  return listenOnce(server);
}

async function listenOnce(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
