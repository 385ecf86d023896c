// What the desk tells somebody of by itself, once each. Without a webhook nobody is told.

import { randomUUID } from 'node:crypto';
import type { DriftKind } from '@tunnel-desk/shared/api/drift';
import type { Account } from '@tunnel-desk/shared/api/session';
import type { FastifyBaseLogger } from 'fastify';
import type { OutgoingProxy } from '../outgoing-proxy.ts';
import type { WebhookConfig } from './alert-config.ts';
import { messageOf } from './message.ts';
import type { Webhook } from './webhook.ts';

/** `drift`: done elsewhere; `drift-gone`: they are as this desk knows them again, by being accepted or restored. */
export const ALERT_KINDS = ['drift', 'drift-gone', 'tunnels-down', 'tunnels-up'] as const;

/** One alert is about all tunnels of an account of which the same became known at once. */
export interface Alert {
  readonly kind: (typeof ALERT_KINDS)[number];
  readonly accountId: string;
  /** When it became known. */
  readonly at: Date;
  readonly tunnels: readonly AlertedTunnel[];
}

/** Names and states, and no value of a tunnel. */
export interface AlertedTunnel {
  readonly id?: string | undefined;
  readonly name: string;
  /** Since when it is down or up, as far as that is known: ISO 8601, UTC. */
  readonly since?: string | undefined;
  /** What was done to it elsewhere. */
  readonly drift?: DriftKind | undefined;
  /** The dotted paths of what was changed. */
  readonly fields?: readonly string[] | undefined;
}

export interface Alerts {
  /** Returns at once. The same is never to be told twice. */
  tell(alert: Alert): void;
  /** Gives up what is not delivered yet. */
  close(): Promise<void>;
}

export interface AlertsOptions {
  readonly webhook: WebhookConfig | undefined;
  readonly accounts: readonly Account[];
  readonly publicOrigin: string | undefined;
  readonly proxy: OutgoingProxy | undefined;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
}

export function createAlerts({ webhook, accounts, publicOrigin, proxy, log }: AlertsOptions): Alerts {
  if (webhook === undefined) return { tell: () => undefined, close: async () => undefined };
  const labels = new Map(accounts.map(({ id, label }) => [id, label]));
  let opened: Promise<Webhook> | undefined;

  /** By the first alert: most desks have none for days, and the library takes its time to load. */
  async function open(config: WebhookConfig): Promise<Webhook> {
    const { openWebhook } = await import('./webhook.ts');
    return openWebhook({ ...config, proxy, log });
  }

  return {
    tell(alert) {
      if (alert.tunnels.length === 0) return;
      const label = labels.get(alert.accountId) ?? alert.accountId;
      const message = messageOf(alert, { id: randomUUID(), label, publicOrigin });
      opened ??= open(webhook);
      opened.then(
        (sender) => sender.send(message),
        (error: unknown) => log.error({ err: error }, 'an alert cannot be delivered'),
      );
    },
    async close() {
      const sender = await opened?.catch(() => undefined);
      await sender?.close();
    },
  };
}
