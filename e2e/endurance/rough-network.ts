// A network and a Cloudflare on a bad day, by a seed: creates are asked to wait, lost before they take effect or after, cut
// short in their response, and carried out when nobody waits for them any more.

import { once } from 'node:events';
import type { FailureFor, InjectedFailure } from '@tunnel-desk/server/sandbox/injected-failures';
import { seededRandom } from '@tunnel-desk/server/sandbox/seeded-random';

/** Marks the requests that a test itself makes, past every failure. */
export const OWN_LOOK = 'x-own-look';

const BAD_GATEWAY = { kind: 'response', status: 502, body: '<html>Bad gateway</html>' } as const;
const ASKED_TO_WAIT: InjectedFailure = {
  kind: 'response',
  status: 429,
  headers: { 'content-type': 'application/json', 'retry-after': '1' },
  body: JSON.stringify({ success: false, errors: [{ code: 971, message: 'Slow down' }], messages: [], result: null }),
  handled: false,
};

/** In percent of the creates; the rest goes well. */
const FAILURES: readonly { readonly percent: number; readonly failure: InjectedFailure | 'late' }[] = [
  { percent: 3, failure: ASKED_TO_WAIT },
  { percent: 2, failure: { kind: 'reset', handled: false } },
  { percent: 2, failure: { kind: 'reset', handled: true } },
  { percent: 1, failure: { kind: 'cut-short', handled: false } },
  { percent: 2, failure: { kind: 'cut-short', handled: true } },
  { percent: 1, failure: { ...BAD_GATEWAY, handled: false } },
  { percent: 1, failure: { ...BAD_GATEWAY, handled: true } },
  { percent: 1, failure: 'late' },
];
const LONGEST_DELAY_MS = 60;
const LISTS_THAT_FAIL_PERCENT = 10;

/** What goes wrong with each request, in the order in which they come. */
export function roughNetwork(seed: string): FailureFor {
  const random = seededRandom(seed);
  return ({ method, headers, raw }) => {
    if (headers[OWN_LOOK] !== undefined) return undefined;
    if (method === 'GET') {
      return random.below(100) < LISTS_THAT_FAIL_PERCENT ? { ...BAD_GATEWAY, handled: false } : undefined;
    }
    let drawn = random.below(100);
    for (const { percent, failure } of FAILURES) {
      drawn -= percent;
      // Late: once the desk has given it up, or is gone.
      if (drawn < 0) return failure === 'late' ? { kind: 'hold', until: closed(raw.socket) } : failure;
    }
    return { kind: 'delay', ms: random.below(LONGEST_DELAY_MS) };
  };
}

async function closed(socket: NodeJS.EventEmitter): Promise<void> {
  await once(socket, 'close');
}
