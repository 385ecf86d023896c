// The sandbox in a process of its own, which outlives a desk that is killed. With a seed its network is rough; otherwise
// creates are slow, before they take effect or after, so that a kill can come at every point of them.

import { setTimeout as delay } from 'node:timers/promises';
import type { FailureFor } from '@tunnel-desk/server/sandbox/injected-failures';
import { startSandbox } from '@tunnel-desk/server/sandbox/sandbox';
import { Secret } from '@tunnel-desk/server/secret';
import { roughNetwork } from './rough-network.ts';

/** In milliseconds. */
const LONGEST_DELAY = 60;

const slowCreates: FailureFor = ({ method }) => {
  if (method !== 'POST') return undefined;
  const ms = Math.random() * LONGEST_DELAY;
  return Math.random() < 0.5 ? { kind: 'delay', ms } : { kind: 'hold', until: delay(ms) };
};

const { ACCOUNT_ID = '', API_TOKEN = '', SEED } = process.env;
const sandbox = await startSandbox({
  accountIds: [ACCOUNT_ID],
  rules: { interfaceAddressRules: 'reference' },
  token: new Secret(API_TOKEN),
  failureFor: SEED === undefined ? slowCreates : roughNetwork(SEED),
});
process.send?.(sandbox.baseUrl);
process.once('disconnect', () => process.exit());
