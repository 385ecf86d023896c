// The generation of a pre-shared key at Cloudflare, as submissions handle it. The key itself goes to the caller alone: no
// response that is recorded or repeated has it.

import { type IpsecTunnel, ipsecTunnelSchema } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { z } from 'zod';
import type { CloudflareClient } from '../cloudflare/client.ts';
import type { UpstreamResponse } from '../cloudflare/response.ts';
import { Secret } from '../secret.ts';
import type { Change, SentChange, Trace } from '../submissions/change.ts';
import { lookByTunnel } from './look-at-tunnels.ts';
import { responsesOf, responseToLostKey } from './responses.ts';
import { hasNewKey } from './update.ts';

/** Its request is empty. */
export type PskGeneration = Change<object, 'none'>;

export function pskGeneration(
  cloudflare: Pick<CloudflareClient, 'generatePsk' | 'validateGeneratePsk' | 'getIpsecTunnel' | 'listIpsecTunnels'>,
): PskGeneration {
  return {
    resourceKind: 'ipsec-tunnel',
    ...responsesOf('generate-psk'),
    toRecord: (request) => request,
    send: async ({ accountId, resourceId }) => ({ upstream: await cloudflare.generatePsk(accountId, resourceId) }),
    validate: ({ accountId, resourceId }) => cloudflare.validateGeneratePsk(accountId, resourceId),
    look: lookByTunnel(cloudflare, traceOfGeneration),
  };
}

const generatedSchema = z.object({ psk: z.instanceof(Secret) });

/** The key in how a call to Cloudflare ended, where it has one. */
export function generatedKeyIn(upstream: UpstreamResponse | undefined): Secret | undefined {
  const isSuccess = upstream?.kind === 'response' && upstream.success;
  return isSuccess ? generatedSchema.safeParse(upstream.result).data?.psk : undefined;
}

function traceOfGeneration({ before }: SentChange, now: IpsecTunnel | undefined): Trace {
  if (now === undefined) return { kind: 'other', found: 'The tunnel does not exist any more.', isFinal: true };
  const earlier = ipsecTunnelSchema.safeParse(before).data;
  if (earlier === undefined) return { kind: 'other', found: 'What the tunnel was cannot be read from the record.' };
  return hasNewKey(earlier, now) ? { kind: 'done', respond: responseToLostKey } : { kind: 'absent' };
}
