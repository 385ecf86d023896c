// The account, the token and the bodies of the measurements: realistic in size and shape, and made up.

export const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';
/** Another one, for what is only to warm up. */
export const OTHER_ACCOUNT_ID = 'fedcba9876543210fedcba9876543210';
export const API_TOKEN = 'Zq3vR8nT1xW6yB4mK9pL2sD7fG5hJ0cA8eU3iO6q';

/** Every field that an ops engineer would fill in. */
export const VALID_REQUEST = {
  name: 'branch-ams-1',
  description: 'Amsterdam, Science Park 400, first router; owner: network operations',
  cloudflare_endpoint: '162.159.64.1',
  customer_endpoint: '185.47.12.9',
  interface_address: '10.212.0.0/31',
  interface_address6: '2001:db8:64::2/127',
  psk: 'kT9vXq2ZrL5mWc8Yb1Nd4Hf7',
  replay_protection: false,
  automatic_return_routing: true,
  custom_remote_identities: { fqdn_id: `branch-ams-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
  health_check: { enabled: true, rate: 'mid', type: 'request', direction: 'unidirectional', target: '185.47.12.10' },
  bgp: {
    customer_asn: 64_620,
    md5_key: 'a guard against mistakes',
    extra_prefixes: ['10.64.0.0/16', '10.65.0.0/16', '172.20.8.0/21', '2001:db8:6400::/40'],
  },
} as const;

/** The same with the mistakes people make: six wrong values and one key misspelled. */
export const INVALID_REQUEST = {
  ...VALID_REQUEST,
  discription: 'Amsterdam',
  customer_endpoint: '185.47.12.9/32',
  interface_address: '10.212.0.1/24',
  interface_address6: '2001:db8:64::3/127',
  bgp: {
    customer_asn: 'AS64620',
    md5_key: 'a "guard" against mistakes',
    extra_prefixes: ['10.64.0.0/16', '10.65.0.1/16'],
  },
} as const;

const { psk: _, ...ANSWERED } = VALID_REQUEST;

/** What Cloudflare responds with when it has created {@link VALID_REQUEST}. */
export const CREATED_ENVELOPE = {
  success: true,
  errors: [],
  messages: [],
  result: {
    id: 'c4a7362d577a6c3019a474fd6f485821',
    ...ANSWERED,
    allow_null_cipher: false,
    psk_metadata: { last_generated_on: '2026-03-14T15:09:26.535898Z' },
    created_on: '2026-03-14T15:09:26.535898Z',
    modified_on: '2026-03-14T15:09:26.535898Z',
  },
};

/** A list of so many tunnels as Cloudflare sends it: 1.35 kB for each, with every field it is known to have. */
export function listOf(count: number) {
  const tunnels = Array.from({ length: count }, (_, index) => {
    const id = index.toString(16).padStart(32, '0');
    const identity = `${id}.${ACCOUNT_ID}.ipsec.cloudflare.com`;
    return {
      ...CREATED_ENVELOPE.result,
      id,
      name: `branch-${index}`,
      interface_address: `10.${(index >> 15) & 255}.${(index >> 7) & 255}.${(index * 2) & 255}/31`,
      interface_address6: `2001:db8:200:${index.toString(16)}::2/127`,
      custom_remote_identities: { fqdn_id: `branch-${index}.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
      customer_endpoint: `185.47.${(index >> 8) & 255}.${index & 255}`,
      remote_identities: { hex_id: id, fqdn_id: identity, user_id: `ipsec@${identity}` },
      bgp_status: {
        state: 'BGP_UP',
        tcp_established: true,
        updated_at: '2026-03-14T15:09:26.535898Z',
        bgp_state: 'Established',
        cf_speaker_ip: '10.212.0.0',
        cf_speaker_port: 179,
        customer_speaker_ip: '10.212.0.1',
        customer_speaker_port: 40_123,
      },
    };
  });
  return { ...CREATED_ENVELOPE, result: { ipsec_tunnels: tunnels } };
}

/**
 * What Cloudflare's GraphQL has measured of so many tunnels at a time in milliseconds since the epoch: of a hundred, one is
 * down and two are degraded, and of the worst 5,000 it has a data centre each.
 */
export function healthOf(count: number, now: number) {
  const tunnels = Array.from({ length: count }, (_, index) => ({
    avg: { tunnelState: index % 100 === 0 ? 0 : index % 50 === 1 ? 0.8 : 1 },
    dimensions: { tunnelName: `branch-${index}` },
  }));
  tunnels.sort((one, other) => one.avg.tunnelState - other.avg.tunnelState);
  const locations = tunnels
    .slice(0, 5_000)
    .map(({ avg, dimensions }) => ({ avg, dimensions: { ...dimensions, edgeColoCode: 'AMS' } }));
  const datetimeMinute = new Date(Math.floor(now / 60_000 - 1) * 60_000).toISOString();
  const newest = [{ avg: { tunnelState: 1 }, dimensions: { datetimeMinute } }];
  const parts = { newest, tunnels, idle: [], locations, minutes: [], hours: [] };
  return { data: { viewer: { accounts: [parts] } }, errors: null };
}
