// The sandbox in a process of its own, which outlives a desk that is killed. Creates are slow, before they take effect or
// after, so that a kill can come at every point of them.

import { setTimeout as delay } from 'node:timers/promises';
import { startSandbox } from '@tunnel-desk/server/sandbox/sandbox';
import { Secret } from '@tunnel-desk/server/secret';

/** In milliseconds. */
const LONGEST_DELAY = 60;

const { ACCOUNT_ID = '', API_TOKEN = '' } = process.env;
const sandbox = await startSandbox({
  accountIds: [ACCOUNT_ID],
  rules: { interfaceAddressRules: 'reference' },
  token: new Secret(API_TOKEN),
  failureFor: ({ method }) => {
    if (method !== 'POST') return undefined;
    const ms = Math.random() * LONGEST_DELAY;
    return Math.random() < 0.5 ? { kind: 'delay', ms } : { kind: 'hold', until: delay(ms) };
  },
});
process.send?.(sandbox.baseUrl);
process.once('disconnect', () => process.exit());
