// What can go wrong between this server and Cloudflare, on purpose, for tests. Nothing here is reachable over HTTP.

import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export type Fault =
  /** Holds the answer back. The request is handled at once. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Holds the request itself back until the promise resolves, and handles it then, whether anybody still waits or not. */
  | { readonly kind: 'hold'; readonly until: Promise<void> }
  /** Answers this instead. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
      readonly handled: boolean;
    }
  /** Breaks off in the middle of the answer. */
  | { readonly kind: 'cut-short'; readonly handled: boolean }
  /** Resets the connection. */
  | { readonly kind: 'reset'; readonly handled: boolean };

/** `handled` in a fault says whether the request takes effect before it goes wrong. */
export type FaultFor = (request: FastifyRequest) => Fault | undefined;

export function registerFaults(app: FastifyInstance, faultFor: FaultFor): void {
  const faults = new WeakMap<FastifyRequest, Fault>();

  app.addHook('onRequest', async (request, reply) => {
    const fault = faultFor(request);
    if (fault === undefined) return undefined;
    if ('handled' in fault && !fault.handled) return inflict(fault, reply, NOTHING_HANDLED);
    faults.set(request, fault);
    return undefined;
  });

  // By now the body was read: it stays, even when the connection does not.
  app.addHook('preHandler', async (request) => {
    const fault = faults.get(request);
    if (fault?.kind === 'hold') await fault.until;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = faults.get(request);
    if (fault?.kind === 'delay') await delay(fault.ms, undefined, { ref: false });
    else if (fault !== undefined && fault.kind !== 'hold') inflict(fault, reply, String(payload));
    return payload;
  });
}

/** The answer that is cut short when none was made. */
const NOTHING_HANDLED = '{"success":true,"errors":[],"messages":[],"result":null}';

type Infliction = Extract<Fault, { readonly handled: boolean }>;

function inflict(fault: Infliction, reply: FastifyReply, payload: string): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  switch (fault.kind) {
    case 'answer':
      raw.writeHead(fault.status, fault.headers).end(fault.body);
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
