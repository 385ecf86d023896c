// A sandbox for one test, and Cloudflare's own client for it.

import Cloudflare, { APIError } from 'cloudflare';
import { onTestFinished } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID } from '../support/samples.ts';

export async function startSandboxWithClient(options: Partial<SandboxOptions> = {}) {
  const sandbox = await startSandbox({
    accountIds: [ACCOUNT_ID, OTHER_ACCOUNT_ID],
    rules: { interfaceAddressRules: 'reference' },
    ...options,
  });
  onTestFinished(() => sandbox.close());
  const client = new Cloudflare({ apiToken: sandbox.token.reveal(), baseURL: sandbox.baseUrl, maxRetries: 0 });
  const tunnels = client.magicTransit.ipsecTunnels;
  return {
    client,
    tunnels,
    get: async (id: string) => (await tunnels.get(id, { account_id: ACCOUNT_ID })).ipsec_tunnel,
    /** A request that the client would not send. */
    send: (
      path: string,
      { headers, ...init }: { method?: string; headers?: Record<string, string>; body?: string } = {},
    ) =>
      fetch(sandbox.baseUrl + path, {
        ...init,
        headers: { authorization: `Bearer ${sandbox.token.reveal()}`, ...headers },
      }),
  };
}

/** The error that the call must fail with. */
export async function errorOf(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof APIError) return error;
  throw new Error('the call did not fail with an APIError', { cause: error });
}

/** What the error is about, as JSON pointers into the request. */
export function pointersOf({ errors }: APIError): unknown[] {
  return errors.map((error) => ('source' in error ? Object(error.source).pointer : undefined));
}
