// What can go wrong between this server and Cloudflare, on purpose, for tests. Nothing here is reachable over HTTP.

import { setTimeout as delay } from 'node:timers/promises';
import { failureEnvelope } from '@tunnel-desk/shared/api/envelope';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CODES } from './responses.ts';

export type InjectedFailure =
  /** Holds the response back. The request is handled at once. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Holds the request itself back until the promise resolves, and handles it then, whether the client still waits or not. */
  | { readonly kind: 'hold'; readonly until: Promise<void> }
  /** Sends this response instead. */
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
      readonly handled: boolean;
    }
  /** Closes the connection in the middle of the response. */
  | { readonly kind: 'cut-short'; readonly handled: boolean }
  /** Resets the connection. */
  | { readonly kind: 'reset'; readonly handled: boolean };

/** What Cloudflare sends where the token lacks the permission for this alone. */
export const FORBIDDEN: InjectedFailure = {
  kind: 'response',
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(failureEnvelope([{ code: CODES.authentication, message: 'Authentication error' }])),
  handled: false,
};

/** `handled` in a failure says whether the request takes effect before it goes wrong. */
export type FailureFor = (request: FastifyRequest) => InjectedFailure | undefined;

export function registerInjectedFailures(app: FastifyInstance, failureFor: FailureFor): void {
  const failures = new WeakMap<FastifyRequest, InjectedFailure>();

  app.addHook('onRequest', async (request, reply) => {
    const failure = failureFor(request);
    if (failure === undefined) return undefined;
    if ('handled' in failure && !failure.handled) return apply(failure, reply, NOTHING_HANDLED);
    failures.set(request, failure);
    return undefined;
  });

  // By now the body was read: it stays, even when the connection does not.
  app.addHook('preHandler', async (request) => {
    const failure = failures.get(request);
    if (failure?.kind === 'hold') await failure.until;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const failure = failures.get(request);
    if (failure?.kind === 'delay') await delay(failure.ms, undefined, { ref: false });
    else if (failure !== undefined && failure.kind !== 'hold') apply(failure, reply, String(payload));
    return payload;
  });
}

/** The response that is cut short when none was made. */
const NOTHING_HANDLED = '{"success":true,"errors":[],"messages":[],"result":null}';

type Interruption = Extract<InjectedFailure, { readonly handled: boolean }>;

function apply(failure: Interruption, reply: FastifyReply, payload: string): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  switch (failure.kind) {
    case 'response':
      raw.writeHead(failure.status, failure.headers).end(failure.body);
      break;
    case 'cut-short':
      raw.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) });
      raw.write(payload.slice(0, payload.length / 2), () => raw.destroy());
      break;
    case 'reset':
      raw.socket?.resetAndDestroy();
      break;
  }
  return reply;
}
