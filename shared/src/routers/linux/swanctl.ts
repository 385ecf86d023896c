// The IKE and child SAs in strongSwan's swanctl.conf.

import type { RouterInput } from '../configuration.ts';
import { toBase64 } from '../encodings.ts';
import type { RouterTunnel } from '../router-tunnel.ts';
import type { Proposals, RouterSettings } from '../settings.ts';
import { connectionName } from './names.ts';

/** ESN is in none of them: Cloudflare has it off. */
const SUITES: Readonly<Record<Proposals, { readonly ike: string; readonly esp: string }>> = {
  strongest: { ike: 'aes256gcm16-prfsha384-ecp384', esp: 'aes256gcm16-ecp384' },
  compatible: { ike: 'aes256-sha256-ecp384', esp: 'aes256-sha256-ecp384' },
};

/** strongSwan's own window, in packets. */
const REPLAY_WINDOW = 32;

/** `connections`, and `secrets` of the tunnels whose key is in the input. */
export function swanctlConf({ tunnels, settings }: RouterInput): string {
  const connections = tunnels.map((tunnel) => connection(tunnel, settings)).join('');
  const secrets = tunnels.map(secretOf).join('');
  return `connections {\n${connections}}\n${secrets === '' ? '' : `secrets {\n${secrets}}\n`}`;
}

function connection(tunnel: RouterTunnel, { proposals, isBehindNat }: RouterSettings): string {
  const { cloudflareEndpoint, customerEndpoint, number } = tunnel;
  const name = connectionName(tunnel);
  const suite = SUITES[proposals];
  return `  ${name} {
    version = 2
    local_addrs = ${isBehindNat ? '%any' : (customerEndpoint ?? '%any')}
    remote_addrs = ${cloudflareEndpoint}
    proposals = ${suite.ike}
    rekey_time = ${tunnel.ikeLifetime}s
    dpd_delay = 30s
    keyingtries = 0
    mobike = no
    unique = replace
    local {
      auth = psk
      id = ${localIdentity(tunnel)}
    }
    remote {
      auth = psk
      id = ${cloudflareEndpoint}
    }
    children {
      ${name} {
        mode = tunnel
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = ${suite.esp}
        rekey_time = ${tunnel.childLifetime}s
        replay_window = ${tunnel.replayProtection ? REPLAY_WINDOW : 0}
        if_id_in = ${number}
        if_id_out = ${number}
        start_action = start
        dpd_action = restart
        close_action = start
      }
    }
  }
`;
}

/** The prefix pins the type: without it strongSwan guesses by the text. */
export function localIdentity({ identities }: RouterTunnel): string {
  return `fqdn:${identities.fqdn}`;
}

/** In base64, for in quotes a key that begins with `0x` or `0s` is decoded, and others have to be escaped. */
function secretOf(tunnel: RouterTunnel): string {
  if (tunnel.psk === undefined) return '';
  return `  ike-${connectionName(tunnel)} {
    id-1 = ${localIdentity(tunnel)}
    id-2 = ${tunnel.cloudflareEndpoint}
    secret = 0s${toBase64(tunnel.psk)}
  }
`;
}
