// The environment, parsed once into a typed, frozen configuration.

import type { Account, Session } from '@tunnel-desk/shared/api/session';
import { parseIp } from '@tunnel-desk/shared/ip/address';
import { cidr, firstAddress, formatCidr, parseCidr } from '@tunnel-desk/shared/ip/cidr';
import { cloudflareIdentifier } from '@tunnel-desk/shared/ipsec-tunnels/fields';
import {
  allowedRanges,
  INTERFACE_ADDRESS_RULES,
  type InterfaceAddressRules,
  isAllowedBlock,
} from '@tunnel-desk/shared/ipsec-tunnels/interface-address';
import { z } from 'zod';
import { alertVariables, chooseWebhook, type WebhookConfig } from './alerts/alert-config.ts';
import { type AuthConfig, authVariables, chooseAuth } from './auth/auth-config.ts';
import { addProblem, list, NOT_SHOWN, readNamedFile, refuse, secretText, wholeNumber } from './environment.ts';
import { isLoopback } from './loopback.ts';
import { chooseOutgoingProxy, type OutgoingProxy, outgoingProxyVariables } from './outgoing-proxy.ts';
import type { Secret } from './secret.ts';

export type UpstreamConfig =
  /** `tunnels`: how many its first account starts with. */
  | { readonly kind: 'sandbox'; readonly tunnels: number }
  | { readonly kind: 'cloudflare'; readonly baseUrl: string; readonly token: Secret };

export interface Config {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Where people reach the desk, as an origin such as `https://desk.example.com`; unset while only loopback is used. */
  readonly publicOrigin: string | undefined;
  /** The addresses and prefixes of the proxies whose `X-Forwarded-For` is trusted; `loopback` stands for this machine. */
  readonly trustedProxies: readonly string[];
  /** Requests per minute of one person, or of one address before sign-in; 0 for no limit. */
  readonly rateLimitPerMinute: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly upstream: UpstreamConfig;
  /** For one whole call to the upstream, in milliseconds. */
  readonly upstreamTimeoutMs: number;
  /** How long a create is looked for before its absence is final, in milliseconds from when its response was given up. */
  readonly settleMs: number;
  /** The HTTP proxy for outbound calls, sign-in included; calls to this machine never use it. */
  readonly outgoingProxy: OutgoingProxy | undefined;
  /** For finishing what is in flight when asked to stop, in milliseconds. */
  readonly shutdownGraceMs: number;
  /** Where the metrics are served; nothing is measured when absent. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** How often the desk looks by itself for what was done elsewhere, in milliseconds; never when absent. */
  readonly driftCheckMs: number | undefined;
  /** Who is told of what the desk finds by itself; nobody when absent. */
  readonly alertWebhook: WebhookConfig | undefined;
  /** The only accounts this server calls. */
  readonly accounts: readonly Account[];
  readonly cloudflareEndpoints: readonly string[];
  readonly rules: Session['rules'];
  /** The folder of what must outlive the server: the audit trail. */
  readonly dataDir: string;
  /** How people sign in, and what they may do. */
  readonly auth: AuthConfig;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One line per problem, each opening with its variable's name and quoting no value: any could be a secret. */
  | { readonly ok: false; readonly problems: readonly string[] };

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const MAX_TIMEOUT_MS = 600_000;
/** Far more than a person does, and more than Cloudflare itself takes from one: 1,200 in 5 minutes. */
const DEFAULT_RATE_LIMIT_PER_MINUTE = 600;
const MAX_RATE_LIMIT_PER_MINUTE = 1_000_000;
const MAX_SETTLE_SECONDS = 86_400;
const MAX_DRIFT_CHECK_MINUTES = 10_080;
/** Twice what the desk is made for. */
const MAX_SANDBOX_TUNNELS = 20_000;
const MAX_SHUTDOWN_GRACE_MS = 3_600_000;
/** Beside a create's whole call to the upstream and looking for it as long, in milliseconds: responding. */
const SHUTDOWN_MARGIN_MS = 5000;
const DEFAULT_BASE_URL = 'https://api.cloudflare.com/client/v4';

/** Made up, so that the desk starts without any configuration; their IDs differ where people look, at both ends. */
const SANDBOX_ACCOUNTS: readonly Account[] = [
  { id: '5a4db0c0000000000000000000000001', label: 'Head office' },
  { id: 'b4a7c4e50000000000000000000b4a7c', label: 'Branches' },
];
/** Documentation addresses (RFC 5737), which no real tunnel can reach. */
const SANDBOX_ENDPOINTS = ['198.51.100.1', '203.0.113.1'];

/** Reads the environment, and the token file it may name. An empty variable counts as not set. */
export function readConfig(environment: NodeJS.ProcessEnv): ConfigResult {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  }
  return { ok: true, config: parsed.data };
}

const environmentSchema = z
  .object({
    NODE_ENV: z.string().optional(),
    NODE_TLS_REJECT_UNAUTHORIZED: z
      .string()
      .refine(
        (value) => value !== '0',
        'is 0, which turns off certificate checks: remove it, and name the CA you trust in NODE_EXTRA_CA_CERTS',
      )
      .optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).default(3000),
    TRUST_PROXY: list(parseProxy).optional(),
    RATE_LIMIT_PER_MINUTE: wholeNumber(0, MAX_RATE_LIMIT_PER_MINUTE).default(DEFAULT_RATE_LIMIT_PER_MINUTE),
    UPSTREAM: z.enum(['sandbox', 'cloudflare'], { error: 'must be sandbox or cloudflare' }).optional(),
    SANDBOX_TUNNELS: wholeNumber(0, MAX_SANDBOX_TUNNELS).optional(),
    CLOUDFLARE_API_TOKEN: secretText().optional(),
    CLOUDFLARE_API_TOKEN_FILE: z.string().transform(readNamedFile).pipe(secretText()).optional(),
    CLOUDFLARE_ACCOUNTS: list(parseAccount).superRefine(refuseRepeatedAccounts).optional(),
    CLOUDFLARE_API_BASE_URL: z.string().default(DEFAULT_BASE_URL).transform(parseBaseUrl),
    UPSTREAM_TIMEOUT_MS: wholeNumber(1, MAX_TIMEOUT_MS).default(15_000),
    SETTLE_SECONDS: wholeNumber(0, MAX_SETTLE_SECONDS).default(120),
    SHUTDOWN_GRACE_MS: wholeNumber(0, MAX_SHUTDOWN_GRACE_MS).optional(),
    DRIFT_CHECK_MINUTES: wholeNumber(0, MAX_DRIFT_CHECK_MINUTES).default(0),
    METRICS_HOST: z.string().default('127.0.0.1'),
    METRICS_PORT: wholeNumber(0, 65_535).optional(),
    CLOUDFLARE_ENDPOINTS: list(parseEndpoint).optional(),
    VIRTUAL_SUBNET6: z.string().transform(parseVirtualSubnet6).optional(),
    INTERFACE_ADDRESS_RULES: z
      .enum(INTERFACE_ADDRESS_RULES, { error: `must be ${INTERFACE_ADDRESS_RULES.join(' or ')}` })
      .default('reference'),
    INTERFACE_ADDRESS_POOL: list(parsePool)
      .refine((pools) => pools.length > 0, 'lists no prefix; write IPv4 prefixes such as 10.0.0.0/16, comma separated')
      .optional(),
    DATA_DIR: z.string().default('./data'),
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
    ...outgoingProxyVariables,
    ...authVariables,
    ...alertVariables,
  })
  .transform((env, context): Config => {
    const upstream = chooseUpstream(env, context);
    const isSandbox = upstream.kind === 'sandbox';
    const isCloudflareWanted = !isSandbox || env.UPSTREAM === 'cloudflare';
    if (isCloudflareWanted && env.CLOUDFLARE_ACCOUNTS === undefined) {
      addProblem(context, 'CLOUDFLARE_ACCOUNTS', 'is needed with UPSTREAM=cloudflare: id=label pairs, comma separated');
    }
    if (!isSandbox && env.SANDBOX_TUNNELS !== undefined) {
      addProblem(
        context,
        'SANDBOX_TUNNELS',
        'is for the sandbox alone: remove it, or choose the sandbox with UPSTREAM=sandbox',
      );
    }
    if (env.METRICS_PORT === env.PORT && env.PORT !== 0 && env.METRICS_HOST === env.HOST) {
      addProblem(context, 'METRICS_PORT', 'is PORT: the metrics need a port of their own');
    }
    refuseForbiddenPools(env.INTERFACE_ADDRESS_POOL ?? [], env.INTERFACE_ADDRESS_RULES, context);
    const accounts = env.CLOUDFLARE_ACCOUNTS ?? (isSandbox ? SANDBOX_ACCOUNTS : []);
    const auth = chooseAuth(env, accounts, context);
    const alertWebhook = chooseWebhook(env, context);
    const leavesMachine = !isSandbox || auth.kind !== 'none' || alertWebhook !== undefined;
    return Object.freeze({
      host: env.HOST,
      port: env.PORT,
      publicOrigin: env.PUBLIC_URL,
      trustedProxies: env.TRUST_PROXY ?? [],
      rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
      logLevel: env.LOG_LEVEL,
      upstream,
      upstreamTimeoutMs: env.UPSTREAM_TIMEOUT_MS,
      settleMs: env.SETTLE_SECONDS * 1000,
      // A sandbox must start on every machine, whatever its proxy: it does not use one.
      outgoingProxy: leavesMachine ? chooseOutgoingProxy(env, context) : undefined,
      // A create may take its whole time, and then be looked for.
      shutdownGraceMs: env.SHUTDOWN_GRACE_MS ?? 2 * env.UPSTREAM_TIMEOUT_MS + SHUTDOWN_MARGIN_MS,
      metrics: env.METRICS_PORT === undefined ? undefined : { host: env.METRICS_HOST, port: env.METRICS_PORT },
      driftCheckMs: env.DRIFT_CHECK_MINUTES === 0 ? undefined : env.DRIFT_CHECK_MINUTES * 60_000,
      alertWebhook,
      accounts,
      cloudflareEndpoints: env.CLOUDFLARE_ENDPOINTS ?? (isSandbox ? SANDBOX_ENDPOINTS : []),
      rules: {
        interfaceAddressRules: env.INTERFACE_ADDRESS_RULES,
        virtualSubnet6: env.VIRTUAL_SUBNET6,
        interfaceAddressPool: env.INTERFACE_ADDRESS_POOL,
      },
      dataDir: env.DATA_DIR,
      auth,
    });
  });

const TOKEN_OR_SANDBOX =
  'set CLOUDFLARE_API_TOKEN or CLOUDFLARE_API_TOKEN_FILE, or choose the sandbox with UPSTREAM=sandbox';

interface UpstreamVariables {
  readonly NODE_ENV?: string | undefined;
  readonly UPSTREAM?: 'sandbox' | 'cloudflare' | undefined;
  readonly SANDBOX_TUNNELS?: number | undefined;
  readonly CLOUDFLARE_API_TOKEN?: Secret | undefined;
  readonly CLOUDFLARE_API_TOKEN_FILE?: Secret | undefined;
  readonly CLOUDFLARE_ACCOUNTS?: readonly Account[] | undefined;
  readonly CLOUDFLARE_API_BASE_URL: string;
}

function chooseUpstream(env: UpstreamVariables, context: z.RefinementCtx): UpstreamConfig {
  if (env.CLOUDFLARE_API_TOKEN !== undefined && env.CLOUDFLARE_API_TOKEN_FILE !== undefined) {
    addProblem(context, 'CLOUDFLARE_API_TOKEN_FILE', 'set either this or CLOUDFLARE_API_TOKEN, not both');
  }
  const token = env.CLOUDFLARE_API_TOKEN ?? env.CLOUDFLARE_API_TOKEN_FILE;
  const sandbox = { kind: 'sandbox', tunnels: env.SANDBOX_TUNNELS ?? 0 } as const;
  if (env.UPSTREAM === 'sandbox') return sandbox;
  if (token !== undefined) return { kind: 'cloudflare', baseUrl: env.CLOUDFLARE_API_BASE_URL, token };
  if (env.UPSTREAM === 'cloudflare') {
    addProblem(
      context,
      'CLOUDFLARE_API_TOKEN',
      'is needed with UPSTREAM=cloudflare, here or in CLOUDFLARE_API_TOKEN_FILE',
    );
  } else if (env.NODE_ENV === 'production') {
    addProblem(
      context,
      'UPSTREAM',
      `is not set, NODE_ENV is production, and there is no API token: ${TOKEN_OR_SANDBOX}`,
    );
  } else if (env.CLOUDFLARE_ACCOUNTS !== undefined) {
    // A sandbox that shows real accounts' names would pass for Cloudflare.
    addProblem(
      context,
      'UPSTREAM',
      `is not set, and CLOUDFLARE_ACCOUNTS has no API token to go with it: ${TOKEN_OR_SANDBOX}`,
    );
  }
  return sandbox;
}

function parseAccount(entry: string, context: z.RefinementCtx, number: number): Account {
  const [id = '', ...label] = entry.split('=').map((part) => part.trim());
  if (cloudflareIdentifier.safeParse(id).success) return { id, label: label.join('=') || id };
  return refuse(context, `entry ${number} ${accountProblem(id, label)}. Expected: ${ACCOUNT_EXAMPLE}`);
}

const ACCOUNT_EXAMPLE =
  'an account ID (32 characters, 0-9 and a-f), an equals sign and a label, such as 0123456789abcdef0123456789abcdef=Head office';

function accountProblem(id: string, label: readonly string[]): string {
  if (/^[0-9a-f]{32}$/i.test(id)) return 'has upper-case letters in the account ID';
  if (label.some((part) => /^[0-9a-f]{32}$/.test(part))) return 'has the label before the account ID';
  if (/^[0-9a-f]+$/i.test(id)) return `has an account ID of ${id.length} characters`;
  return `does not begin with an account ID ${NOT_SHOWN}`;
}

function refuseRepeatedAccounts(accounts: readonly Account[], context: z.RefinementCtx): void {
  const ids = accounts.map(({ id }) => id);
  const repeated = ids.findIndex((id, index) => ids.indexOf(id) < index);
  if (repeated !== -1) refuse(context, `entry ${repeated + 1} has the account ID of an entry before it`);
  if (ids.length === 0) refuse(context, 'lists no account; write id=label pairs, comma separated');
}

function parseBaseUrl(text: string, context: z.RefinementCtx): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return refuse(context, 'is not an http(s) URL');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return refuse(context, 'must be https: plain http would send the token unencrypted');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return refuse(context, 'must have no user, password, query or fragment');
  }
  return url.href.replace(/\/+$/, '');
}

function parseEndpoint(entry: string, context: z.RefinementCtx, number: number): string {
  return parseIp(entry) === undefined ? refuse(context, `entry ${number} is not an IP address ${NOT_SHOWN}`) : entry;
}

function parseProxy(entry: string, context: z.RefinementCtx, number: number): string {
  if (entry === 'loopback' || parseIp(entry) !== undefined) return entry;
  const prefix = parseCidr(entry);
  if (prefix === undefined) {
    return refuse(
      context,
      `entry ${number} is not an address or prefix of a proxy, such as 10.0.0.5, 10.0.0.0/24 or loopback ${NOT_SHOWN}`,
    );
  }
  // Every client could then claim any address.
  return prefix.prefixLength === 0 ? refuse(context, `entry ${number} is every address: list only the proxies`) : entry;
}

function parsePool(entry: string, context: z.RefinementCtx, number: number): string {
  const pool = parseCidr(entry);
  if (pool === undefined || pool.address.version !== 4 || pool.prefixLength > 31) {
    return refuse(context, `entry ${number} is not an IPv4 prefix of /31 or shorter, such as 10.0.0.0/16 ${NOT_SHOWN}`);
  }
  if (pool.address.value !== firstAddress(pool).value) {
    const network = formatCidr({ address: firstAddress(pool), prefixLength: pool.prefixLength });
    return refuse(context, `entry ${number} has host bits set: the prefix is ${network}`);
  }
  return entry;
}

/** A pool of addresses that the form then refuses would be no help. */
function refuseForbiddenPools(pools: readonly string[], rules: InterfaceAddressRules, context: z.RefinementCtx): void {
  const forbidden = pools.findIndex((pool) => !isAllowedBlock(cidr(pool), rules));
  if (forbidden === -1) return;
  addProblem(
    context,
    'INTERFACE_ADDRESS_POOL',
    `entry ${forbidden + 1} is outside ${allowedRanges(rules)}, which INTERFACE_ADDRESS_RULES=${rules} allows`,
  );
}

function parseVirtualSubnet6(text: string, context: z.RefinementCtx): string {
  const subnet = parseCidr(text);
  if (subnet === undefined || subnet.address.version !== 6 || subnet.prefixLength > 126) {
    return refuse(context, `is not an IPv6 prefix of /126 or shorter, such as 2001:db8:1::/64 ${NOT_SHOWN}`);
  }
  if (subnet.address.value !== firstAddress(subnet).value) {
    const network = { address: firstAddress(subnet), prefixLength: subnet.prefixLength };
    return refuse(context, `has host bits set: the prefix is ${formatCidr(network)}`);
  }
  return text;
}
