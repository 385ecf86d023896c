// The account, secrets, request bodies and intent of the tests.

import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';
import type { Intent } from '../../src/submissions/journal.ts';

export const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';
export const OTHER_ACCOUNT_ID = 'fedcba9876543210fedcba9876543210';

/** Made up, and unlike anything else in the tests, so that finding it anywhere means that it leaked. */
export const API_TOKEN = 'api-token-Zq3vR8nT1xW6yB4mK9pL2sD7';
export const PSK = 'pre-shared-8Jd0Xw5Rk2Vb7Nc4Qz9Ht1Lf6';

/** What Cloudflare cannot do without. */
export const SMALLEST_REQUEST = {
  name: 'branch-1',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
} as const;

/** What the submission journal records before {@link SMALLEST_REQUEST} is sent. */
export const INTENT = {
  requestId: 'request-1',
  person: { id: 'u-ann', name: 'Ann' },
  accountId: ACCOUNT_ID,
  action: 'create',
  resource: { kind: 'ipsec-tunnel', name: 'branch-1' },
  request: SMALLEST_REQUEST,
  options: 'string',
} as const satisfies Intent;

/** Every field there is, with the health-check target in its string form. */
export const FULL_REQUEST = {
  ...SMALLEST_REQUEST,
  description: 'The branch in the north',
  customer_endpoint: '203.0.113.7',
  interface_address6: '2001:db8::2/127',
  psk: PSK,
  replay_protection: true,
  automatic_return_routing: true,
  custom_remote_identities: { fqdn_id: `branch-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
  health_check: {
    enabled: true,
    rate: 'high',
    type: 'request',
    direction: 'unidirectional',
    target: '203.0.113.9',
  },
  bgp: {
    customer_asn: 65001,
    md5_key: 'only against mistakes',
    extra_prefixes: ['10.1.0.0/16', '192.168.7.0/24'],
    import_filter_id: '11111111111111111111111111111111',
    export_filter_id: '22222222222222222222222222222222',
  },
} as const;

/** What a person enters about a tunnel's router: every value there is. */
export const ROUTER_SETTINGS = {
  kind: 'linux',
  uplink: 'eth0',
  isBehindNat: true,
  localAddress: '192.168.1.2',
  lanPrefixes: ['192.168.50.0/24'],
  routing: 'static',
  remotePrefixes: ['10.64.0.0/16', '172.16.0.0/12'],
  proposals: 'strongest',
  pairedWith: '5f7a2c1e9b3d4806a1c2e3f405162738',
} as const satisfies RouterSettings;

/** A tunnel as Cloudflare answers it to {@link SMALLEST_REQUEST}. */
export const TUNNEL = {
  id: 'c4a7362d577a6c3019a474fd6f485821',
  ...SMALLEST_REQUEST,
  created_on: '2026-01-02T03:04:05Z',
  modified_on: '2026-01-02T03:04:05Z',
} as const;
