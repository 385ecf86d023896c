// Somebody whom the desk tells of what it finds: notes what it is sent, checks its signature, and responds as told.

import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import { z } from 'zod';
import { signatureOf } from '../../src/alerts/webhook.ts';
import { expectNoSecretIn } from './desk.ts';
import { type ReceivedRequest, startStub } from './upstream.ts';

/** Made up, and unlike anything else in the tests. */
export const WEBHOOK_SECRET = 'webhook-secret-Yt5Gb2Wq8Lk4Zx7Nc1Vm';
const PATH_SECRET = 'receiver-Hj3Fd9Pw6Xs2';

const alertSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['drift', 'drift-gone', 'tunnels-down', 'tunnels-up']),
  at: z.iso.datetime(),
  account: z.strictObject({ id: z.string(), label: z.string() }),
  count: z.int(),
  tunnels: z.array(
    z.strictObject({
      id: z.string().optional(),
      name: z.string(),
      since: z.string().optional(),
      drift: z.string().optional(),
      fields: z.array(z.string()).optional(),
      url: z.string().optional(),
    }),
  ),
  text: z.string(),
});

export type ReceivedAlert = z.infer<typeof alertSchema>;

export async function startReceiver(respond: (response: ServerResponse, request: ReceivedRequest) => void = ok) {
  const { baseUrl, requests } = await startStub(respond);
  const url = `${new URL(baseUrl).origin}/hooks/${PATH_SECRET}?channel=ops`;
  return {
    url,
    requests,
    environment: { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: WEBHOOK_SECRET },
    /** Every alert that came, repeated ones too. */
    alerts: (): ReceivedAlert[] => requests.map(readAlert),
  };
}

export function ok(response: ServerResponse): void {
  response.writeHead(204).end();
}

function readAlert({ method, url, headers, body }: ReceivedRequest): ReceivedAlert {
  expect({ method, url }).toEqual({ method: 'POST', url: `/hooks/${PATH_SECRET}?channel=ops` });
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  expect(signature).toBe(`v1,${signatureOf(WEBHOOK_SECRET, String(id), String(timestamp), body)}`);
  expectNoSecretIn(JSON.stringify(headers) + body);
  const alert = alertSchema.parse(JSON.parse(body));
  expect(alert.id).toBe(id);
  return alert;
}

/** Neither what alerts are signed with, nor where they go. */
export function expectNoWebhookSecretIn(text: string): void {
  expect(text).not.toContain(WEBHOOK_SECRET);
  expect(text).not.toContain(PATH_SECRET);
}
