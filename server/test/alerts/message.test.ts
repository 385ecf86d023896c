import { describe, expect, it } from 'vitest';
import { type Alert, createAlerts } from '../../src/alerts/alerts.ts';
import { messageOf } from '../../src/alerts/message.ts';
import { Secret } from '../../src/secret.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { ACCOUNT_ID, FULL_REQUEST, TUNNEL } from '../support/samples.ts';
import { startReceiver, WEBHOOK_SECRET } from '../support/webhook.ts';

const AT = new Date('2026-11-30T02:14:00Z');
const CONTEXT = { id: 'b7b6d9a0-4a3e-4a6c-9a43-1b1b6d6b9a10', label: 'Head office', publicOrigin: undefined };

function bodyOf(alert: Partial<Alert>, context = {}) {
  const whole: Alert = { kind: 'drift', accountId: ACCOUNT_ID, at: AT, tunnels: [], ...alert };
  return JSON.parse(messageOf(whole, { ...CONTEXT, ...context }).body);
}

describe('an alert', () => {
  it.each<[Partial<Alert>, string]>([
    [
      { tunnels: [{ name: 'a', drift: 'changed', fields: ['name', 'bgp.customer_asn'] }] },
      '1 tunnel was changed elsewhere: a (name, bgp.customer_asn)',
    ],
    [
      {
        tunnels: [
          { name: 'a', drift: 'deleted' },
          { name: 'b', drift: 'made' },
        ],
      },
      '2 tunnels were changed elsewhere: a (deleted), b (made)',
    ],
    [{ kind: 'drift-gone', tunnels: [{ name: 'a' }] }, '1 tunnel is as this desk knows it again: a'],
    [{ kind: 'tunnels-down', tunnels: [{ name: 'a' }, { name: 'b' }] }, '2 tunnels are down: a, b'],
    [{ kind: 'tunnels-up', tunnels: [{ name: 'a' }] }, '1 tunnel is up again: a'],
  ])('%j says it in a sentence', (alert, sentence) => {
    expect(bodyOf(alert).text).toBe(`Head office: ${sentence}`);
  });

  it('links to each tunnel where people reach the desk', () => {
    const tunnels = [{ id: TUNNEL.id, name: 'a' }, { name: 'b' }];
    expect(bodyOf({ tunnels }, { publicOrigin: 'https://desk.example.com' }).tunnels).toEqual([
      { id: TUNNEL.id, name: 'a', url: `https://desk.example.com/accounts/${ACCOUNT_ID}/ipsec-tunnels/${TUNNEL.id}` },
      { name: 'b' },
    ]);
  });

  it('counts all tunnels, and names some', () => {
    const tunnels = Array.from({ length: 10_000 }, (_, index) => ({ name: `branch-${index}` }));
    const body = bodyOf({ tunnels });
    expect(body).toMatchObject({ count: 10_000, tunnels: { length: 100 } });
    expect(body.text).toMatch(/branch-9, 9990 more$/);
    expect(JSON.stringify(body).length).toBeLessThan(10_000);
  });

  it('stays on one line, whatever a tunnel is called', () => {
    const { text } = bodyOf({ tunnels: [{ name: `a\r\n\u2028\u202eb\0${'x'.repeat(1000)}` }] });
    expect(text).toMatch(/^Head office: 1 tunnel was changed elsewhere: a b x+…$/);
    expect(text.length).toBeLessThan(200);
  });

  it('has nothing of a tunnel but what it names', () => {
    const tunnel = { ...FULL_REQUEST, id: TUNNEL.id };
    expect(bodyOf({ tunnels: [tunnel] }).tunnels).toEqual([{ id: TUNNEL.id, name: FULL_REQUEST.name }]);
  });
});

describe('alerts', () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const common = { accounts: [{ id: ACCOUNT_ID, label: 'Head office' }], publicOrigin: undefined, log };
  const alert: Alert = { kind: 'tunnels-down', accountId: ACCOUNT_ID, at: AT, tunnels: [{ name: 'a' }] };

  it('are told the receiver, and none about nothing', async () => {
    const receiver = await startReceiver();
    const webhook = { url: new Secret(receiver.url), secret: new Secret(WEBHOOK_SECRET) };
    const alerts = createAlerts({ ...common, webhook, proxy: undefined });
    alerts.tell({ ...alert, tunnels: [] });
    alerts.tell(alert);
    await expect
      .poll(receiver.alerts)
      .toMatchObject([{ kind: 'tunnels-down', account: { label: 'Head office' }, count: 1 }]);
    await alerts.close();
  });

  it('go through the outgoing proxy', async () => {
    const proxy = await startConnectProxy({ instead: (socket) => void socket.destroy() });
    const webhook = { url: new Secret('https://alerts.example/hook'), secret: new Secret(WEBHOOK_SECRET) };
    const url = new Secret(`http://127.0.0.1:${proxy.port}`);
    const alerts = createAlerts({ ...common, webhook, proxy: { url, exceptions: 'localhost' } });
    alerts.tell(alert);
    await expect.poll(() => proxy.tunnels[0]?.host).toBe('alerts.example:443');
    await alerts.close();
  });

  it('are told nobody without a webhook', async () => {
    const alerts = createAlerts({ ...common, webhook: undefined, proxy: undefined });
    alerts.tell(alert);
    await alerts.close();
  });
});
