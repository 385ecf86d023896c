// Who may use the desk, as the environment says it: AUTH and the variables of its modes.

import type { Account } from '@tunnel-desk/shared/api/session';
import { z } from 'zod';
import { addProblem, list, readNamedFile, refuse, secretText, wholeNumber } from '../environment.ts';
import { isLoopback } from '../loopback.ts';
import type { Secret } from '../secret.ts';
import type { RoleEntry, RoleRules } from './identity.ts';

export type AuthConfig =
  /** Everybody who can reach the server is an operator: only on loopback. */
  { readonly kind: 'none' } | ProxyJwtConfig | OidcConfig;

/** An identity-aware proxy in front sends a signed JWT with every request. */
export interface ProxyJwtConfig {
  readonly kind: 'proxy-jwt';
  /** In lower case. */
  readonly header: string;
  readonly jwksUrl: URL;
  /** Compared with the `iss` claim as it is written. */
  readonly issuer: string;
  readonly audience: string;
  readonly roles: RoleRules;
}

/** The desk signs people in itself, at an OpenID provider. */
export interface OidcConfig {
  readonly kind: 'oidc';
  /** Where browsers see the desk, such as `https://desk.example.com`. */
  readonly publicOrigin: string;
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Space separated. */
  readonly scopes: string;
  readonly sessionSecret: Secret;
  readonly sessionTtlMinutes: number;
  readonly roles: RoleRules;
}

const AUTH_MODES = ['none', 'proxy-jwt', 'oidc'] as const;
/** What Cloudflare Access sends. */
const DEFAULT_JWT_HEADER = 'Cf-Access-Jwt-Assertion';
const DEFAULT_ROLE_CLAIM = 'groups';
const DEFAULT_SCOPES = 'openid profile email';
/** A working day. */
const DEFAULT_SESSION_TTL_MINUTES = 480;
const MAX_SESSION_TTL_MINUTES = 7 * 24 * 60;
/** Of base64, this many characters hold 192 bits. */
const MIN_SESSION_SECRET_LENGTH = 32;

/** The variables of every mode, to be spread into the schema of the environment. */
export const authVariables = {
  AUTH: z.enum(AUTH_MODES, { error: `must be ${AUTH_MODES.join(', ')}` }).optional(),
  AUTH_JWT_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
    .optional(),
  AUTH_JWKS_URL: z.string().transform(parseSecureUrl).optional(),
  AUTH_ISSUER: z
    .string()
    .superRefine((text, context) => void parseSecureUrl(text, context))
    .optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_ROLE_CLAIM: z.string().optional(),
  AUTH_VIEWERS: list(parseRoleEntry).optional(),
  AUTH_OPERATORS: list(parseRoleEntry).optional(),
  PUBLIC_URL: z.string().transform(parseOrigin).optional(),
  OIDC_ISSUER: z.string().transform(parseSecureUrl).optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: secretText().optional(),
  OIDC_CLIENT_SECRET_FILE: z.string().transform(readNamedFile).pipe(secretText()).optional(),
  OIDC_SCOPES: z
    .string()
    .regex(/(?:^| )openid(?: |$)/, 'must contain openid, separated from the others by a space')
    .optional(),
  SESSION_SECRET: secretText(MIN_SESSION_SECRET_LENGTH).optional(),
  SESSION_SECRET_FILE: z.string().transform(readNamedFile).pipe(secretText(MIN_SESSION_SECRET_LENGTH)).optional(),
  SESSION_TTL_MINUTES: wholeNumber(1, MAX_SESSION_TTL_MINUTES).optional(),
};

const authSchema = z.object(authVariables);
type AuthVariables = z.output<typeof authSchema>;
type AuthVariable = keyof AuthVariables;

interface Listening {
  readonly HOST: string;
  readonly TRUST_PROXY?: readonly string[] | undefined;
}

/** Adds a problem for every combination that would not work, or would leave the desk open. */
export function chooseAuth(
  env: AuthVariables & Listening,
  accounts: readonly Account[],
  context: z.RefinementCtx,
): AuthConfig {
  const needed = neededBy(`AUTH=${env.AUTH}`, env, context);
  switch (env.AUTH) {
    case 'proxy-jwt':
      return chooseProxyJwt(env, needed, chooseRoles(env, accounts, context));
    case 'oidc':
      return chooseOidc(env, needed, chooseRoles(env, accounts, context), context);
    default:
      refuseUnprotected(env, context);
      return { kind: 'none' };
  }
}

type Needed = <Name extends AuthVariable>(name: Name, meaning: string) => AuthVariables[Name];

/** Reads variables that a mode cannot do without, each with a problem of its own where it is missing. */
function neededBy(mode: string, env: AuthVariables, context: z.RefinementCtx): Needed {
  return (name, meaning) => {
    if (env[name] === undefined) addProblem(context, name, `is needed with ${mode}: ${meaning}`);
    return env[name];
  };
}

function chooseProxyJwt(env: AuthVariables & Listening, needed: Needed, roles: RoleRules): AuthConfig {
  // Under the name of the proxy, the response to every request would be 421.
  if (!isLoopback(env.HOST)) needed('PUBLIC_URL', 'the origin at which browsers see the desk');
  const jwksUrl = needed('AUTH_JWKS_URL', "where the proxy's public keys are");
  const issuer = needed('AUTH_ISSUER', 'who signs, as the iss claim says');
  const audience = needed('AUTH_AUDIENCE', 'whom the tokens are for, as the aud claim says');
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) return { kind: 'none' };
  const header = (env.AUTH_JWT_HEADER ?? DEFAULT_JWT_HEADER).toLowerCase();
  return { kind: 'proxy-jwt', header, jwksUrl, issuer, audience, roles };
}

function chooseOidc(env: AuthVariables, needed: Needed, roles: RoleRules, context: z.RefinementCtx): AuthConfig {
  refuseBoth(env, 'OIDC_CLIENT_SECRET', 'OIDC_CLIENT_SECRET_FILE', context);
  refuseBoth(env, 'SESSION_SECRET', 'SESSION_SECRET_FILE', context);
  const publicOrigin = needed('PUBLIC_URL', 'the origin at which browsers see the desk');
  const issuer = needed('OIDC_ISSUER', 'the address of the OpenID provider');
  const clientId = needed('OIDC_CLIENT_ID', 'what the provider calls this desk');
  const clientSecret =
    env.OIDC_CLIENT_SECRET_FILE ?? needed('OIDC_CLIENT_SECRET', 'here or in OIDC_CLIENT_SECRET_FILE');
  const sessionSecret =
    env.SESSION_SECRET_FILE ?? needed('SESSION_SECRET', 'here or in SESSION_SECRET_FILE, the same for every replica');
  if (
    publicOrigin === undefined ||
    issuer === undefined ||
    clientId === undefined ||
    clientSecret === undefined ||
    sessionSecret === undefined
  ) {
    return { kind: 'none' };
  }
  return {
    kind: 'oidc',
    publicOrigin,
    issuer,
    clientId,
    clientSecret,
    scopes: env.OIDC_SCOPES ?? DEFAULT_SCOPES,
    sessionSecret,
    sessionTtlMinutes: env.SESSION_TTL_MINUTES ?? DEFAULT_SESSION_TTL_MINUTES,
    roles,
  };
}

function refuseBoth(env: AuthVariables, name: AuthVariable, fileName: AuthVariable, context: z.RefinementCtx): void {
  if (env[name] !== undefined && env[fileName] !== undefined) {
    addProblem(context, fileName, `set either this or ${name}, not both`);
  }
}

function chooseRoles(env: AuthVariables, accounts: readonly Account[], context: z.RefinementCtx): RoleRules {
  const { AUTH_VIEWERS: viewers = [], AUTH_OPERATORS: operators = [] } = env;
  if (viewers.length + operators.length === 0) {
    addProblem(
      context,
      'AUTH_OPERATORS',
      `neither this nor AUTH_VIEWERS lists anybody: with AUTH=${env.AUTH} nobody could do anything`,
    );
  }
  const served = new Set(accounts.map(({ id }) => id));
  for (const [variable, entries] of Object.entries({ AUTH_VIEWERS: viewers, AUTH_OPERATORS: operators })) {
    const stray = entries.findIndex(({ accountId }) => accountId !== undefined && !served.has(accountId));
    if (stray !== -1) {
      addProblem(
        context,
        variable,
        `entry ${stray + 1} names the account ID of an account that is not in CLOUDFLARE_ACCOUNTS`,
      );
    }
  }
  return { claim: env.AUTH_ROLE_CLAIM ?? DEFAULT_ROLE_CLAIM, viewers, operators };
}

/** Without sign-in the desk is only for its own machine, and only where nothing else suggests that sign-in was meant. */
function refuseUnprotected(env: AuthVariables & Listening, context: z.RefinementCtx): void {
  if (!isLoopback(env.HOST)) {
    addProblem(
      context,
      'HOST',
      `is not a loopback address, and without sign-in everybody who can reach it could create tunnels: choose AUTH=proxy-jwt or AUTH=oidc`,
    );
  }
  const proxyVariable = isPublic(env.PUBLIC_URL) ? 'PUBLIC_URL' : env.TRUST_PROXY && 'TRUST_PROXY';
  const hint = Object.keys(authVariables).find((name) => /^(?:AUTH|OIDC|SESSION)_/.test(name) && isSet(env, name));
  if (env.AUTH === undefined && hint !== undefined) {
    addProblem(context, 'AUTH', `is not set, though ${hint} is: choose AUTH=proxy-jwt, AUTH=oidc or AUTH=none`);
  } else if (proxyVariable !== undefined) {
    addProblem(
      context,
      'AUTH',
      `is ${env.AUTH ?? 'not set'}, though ${proxyVariable} says that a proxy brings other people here, and everybody it lets in could create tunnels: choose AUTH=proxy-jwt or AUTH=oidc, or remove ${proxyVariable}`,
    );
  }
}

function isSet(env: object, name: string): boolean {
  return Object.entries(env).some(([set, value]) => set === name && value);
}

/** Whether it is an address beyond this machine: a proxy then brings other people here. */
function isPublic(origin: string | undefined): boolean {
  return origin !== undefined && !isLoopback(new URL(origin).hostname);
}

/** `value`, or `value@accountId` for one account; a value may hold an @ itself, as e-mail addresses do. */
function parseRoleEntry(entry: string, context: z.RefinementCtx, number: number): RoleEntry {
  const [, value, accountId] = /^(.+)@([0-9a-f]{32})$/.exec(entry) ?? [];
  if (value !== undefined && accountId !== undefined) return { value, accountId };
  // No domain looks like this: it is a mistyped account ID, and would silently grant nothing.
  if (/@[0-9a-f]{8,}$/i.test(entry)) {
    return refuse(
      context,
      `the account ID at the end of entry ${number} is wrong. Expected: 32 characters, 0-9 and a-f`,
    );
  }
  return { value: entry };
}

function parseSecureUrl(text: string, context: z.RefinementCtx): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return refuse(context, 'is not an http(s) URL');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return refuse(context, 'must be https: over plain http, somebody in between could let anybody in');
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return refuse(context, 'must have no user, password or fragment');
  }
  return url;
}

function parseOrigin(text: string, context: z.RefinementCtx): string {
  const url = parseSecureUrl(text, context);
  // A problem with the URL itself is reported already.
  if (!(url instanceof URL)) return z.NEVER;
  if (url.pathname !== '/' || url.search !== '') {
    return refuse(context, 'must be an origin alone, without a path, such as https://desk.example.com');
  }
  return url.origin;
}
