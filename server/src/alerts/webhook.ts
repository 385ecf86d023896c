// Delivers alerts to one receiver, in their order: signed, each until it was taken, and with longer and longer pauses while
// the receiver fails. Headers and signature are those of https://www.standardwebhooks.com.

import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { type Exchange, exchange } from '../cloudflare/exchange.ts';
import { openPool } from '../cloudflare/pool.ts';
import type { OutgoingProxy } from '../outgoing-proxy.ts';
import type { WebhookConfig } from './alert-config.ts';
import type { AlertMessage } from './message.ts';

export interface WebhookOptions extends WebhookConfig {
  readonly proxy: OutgoingProxy | undefined;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
  readonly limits?: Partial<WebhookLimits>;
}

export interface WebhookLimits {
  /** For one delivery, in milliseconds. */
  readonly timeoutMs: number;
  /** After one failed delivery, and after each further one; the last one from then on. In milliseconds. */
  readonly pausesMs: readonly number[];
  /** How old an alert may get, in milliseconds: then it is given up. */
  readonly maxAgeMs: number;
  /** How often one is sent that the receiver refuses, where others may be welcome. */
  readonly maxRefusals: number;
  /** How many wait at most: beyond that, the oldest one is given up. */
  readonly maxWaiting: number;
}

const LIMITS: WebhookLimits = {
  timeoutMs: 10_000,
  pausesMs: [1_000, 5_000, 30_000, 120_000, 600_000],
  maxAgeMs: 86_400_000,
  maxRefusals: 5,
  maxWaiting: 500,
};

export interface Webhook {
  send(message: AlertMessage): void;
  /** Gives up what is not delivered. */
  close(): Promise<void>;
}

interface Waiting {
  readonly message: AlertMessage;
  /** By the clock of `performance.now()`. */
  readonly since: number;
  refusals: number;
}

type Delivery = 'delivered' | 'refused' | 'failed';

export function openWebhook({ url, secret, proxy, log, limits: given }: WebhookOptions): Webhook {
  const limits = { ...LIMITS, ...given };
  const { origin, pathname, search } = new URL(url.reveal());
  const pool = openPool({ origin, timeoutMs: limits.timeoutMs, proxy });
  const waiting: Waiting[] = [];
  const closed = new AbortController();
  let working: Promise<void> | undefined;
  let failures = 0;

  async function deliver({ id, kind, body }: AlertMessage): Promise<Delivery> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const exchanged = await exchange(pool, limits.timeoutMs, {
      ...{ origin, method: 'POST', path: pathname + search, body },
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signatureOf(secret.reveal(), id, timestamp, body)}`,
      },
    });
    const delivery = deliveryOf(exchanged);
    if (closed.signal.aborted) return delivery;
    // Without what the receiver wrote, and without its address, which may be all it takes to post there.
    const details = { alert: id, kind, receiver: summaryOf(exchanged) };
    if (delivery === 'delivered') log.info(details, 'an alert was delivered');
    else log.warn(details, 'an alert could not be delivered');
    return delivery;
  }

  async function work(): Promise<void> {
    for (let [next] = waiting; next !== undefined && !closed.signal.aborted; [next] = waiting) {
      const delivery = await deliver(next.message);
      failures = delivery === 'delivered' ? 0 : failures + 1;
      if (delivery === 'refused') next.refusals += 1;
      const isOver = next.refusals >= limits.maxRefusals || performance.now() - next.since > limits.maxAgeMs;
      if (delivery === 'delivered' || isOver) {
        if (waiting[0] === next) waiting.shift();
        if (delivery !== 'delivered') giveUp(next);
      }
      if (failures > 0) await pause();
    }
  }

  async function pause(): Promise<void> {
    const ms = limits.pausesMs[Math.min(failures, limits.pausesMs.length) - 1] ?? 0;
    await delay(ms, undefined, { signal: closed.signal, ref: false }).catch(() => undefined);
  }

  function giveUp({ message: { id, kind } }: Waiting): void {
    log.error({ alert: id, kind }, 'an alert was given up: nobody was told');
  }

  return {
    send(message) {
      if (closed.signal.aborted) return;
      waiting.push({ message, since: performance.now(), refusals: 0 });
      if (waiting.length > limits.maxWaiting) {
        // The first one may be on its way.
        const [oldest] = waiting.splice(1, 1);
        if (oldest) giveUp(oldest);
      }
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    async close() {
      closed.abort();
      await pool.destroy();
      await working;
      for (const each of waiting) giveUp(each);
    },
  };
}

/** In base64, as Standard Webhooks has it; the key is the text of the secret. */
export function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
}

/** A redirect is not followed: what is signed for one receiver is for no other. */
function deliveryOf(exchanged: Exchange): Delivery {
  if (exchanged.kind !== 'response') return 'failed';
  const { status } = exchanged;
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 300 && status < 500 && status !== 408 && status !== 429 ? 'refused' : 'failed';
}

function summaryOf(exchanged: Exchange) {
  return exchanged.kind === 'response' ? { kind: exchanged.kind, status: exchanged.status } : exchanged;
}
