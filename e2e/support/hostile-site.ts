// Another site, whose pages the person also has open: empty ones, in which a test then does what a hostile script would.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromiumLaunchOptions } from './chromium.ts';
import { test as base } from './desk.ts';

/** A name of the attacker's, which they let resolve to whatever address they like; here to this machine. */
const HOSTILE_NAME = 'evil.example';

interface HostileSite {
  /** A site of its own. */
  readonly foreign: string;
  /** The same site as the desk's in a browser's eyes, on another port. */
  readonly sister: string;
  /** The attacker's name, rebound to the address and port of the desk. */
  rebound(deskUrl: string): string;
}

const launchOptions = chromiumLaunchOptions();

export const test = base.extend<{ hostileSite: HostileSite }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  hostileSite: async ({}, use) => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Win a prize</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    await use({
      foreign: `http://${HOSTILE_NAME}:${address.port}`,
      sister: `http://127.0.0.1:${address.port}`,
      rebound: (deskUrl) => `http://${HOSTILE_NAME}:${new URL(deskUrl).port}`,
    });
    server.close();
    server.closeAllConnections();
  },
});

test.use({
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${HOSTILE_NAME} 127.0.0.1`],
  },
});

export { expect } from '@playwright/test';
