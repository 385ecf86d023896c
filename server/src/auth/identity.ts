// Who somebody is and what they may do: pure, from the claims of a token and the configured roles.

import { z } from 'zod';

/** One value of the role claim that grants a role, in every account or in one. */
export interface RoleEntry {
  readonly value: string;
  readonly accountId?: string;
}

export interface RoleRules {
  /** The claim's name, or its path through nested claims, with dots. */
  readonly claim: string;
  /** May list and validate. */
  readonly viewers: readonly RoleEntry[];
  /** May create, update and delete too. */
  readonly operators: readonly RoleEntry[];
}

/** Somebody as their token tells it. */
export interface Person {
  /** What the log knows them by. */
  readonly id: string;
  readonly name: string;
  /** Those values of the role claim that grant something. */
  readonly roles: readonly string[];
}

/** The accounts in which somebody may do something. */
type Reach = 'every-account' | readonly string[];

export interface Identity {
  readonly id: string;
  readonly name: string;
  readonly permissions: { readonly validate: Reach; readonly change: Reach };
}

/** Who uses a desk that has no sign-in. */
export const LOCAL_OPERATOR: Identity = {
  id: 'local',
  name: 'Local operator',
  permissions: { validate: 'every-account', change: 'every-account' },
};

const MAX_ID_LENGTH = 255;
const MAX_NAME_LENGTH = 100;

const textClaim = z.string().trim().min(1).optional().catch(undefined);
const claimsSchema = z.object({
  sub: textClaim,
  name: textClaim,
  preferred_username: textClaim,
  email: textClaim,
  /** What Cloudflare Access calls a service token by, which has no `sub`. */
  common_name: textClaim,
});

type Claims = Readonly<Record<string, unknown>>;

/**
 * When an email address that is the role claim grants roles. Many OpenID providers let people type any address, and say in
 * `email_verified` whether it is theirs; Cloudflare Access verifies every address, and sends no `email_verified`.
 */
export type EmailRule = 'only-if-verified' | 'unless-unverified';

/** Reads the claims of a valid token. `undefined` when they name nobody. */
export function personFrom(claims: Claims, rules: RoleRules, emailRule: EmailRule): Person | undefined {
  const { sub, name, preferred_username, email, common_name } = claimsSchema.parse(claims);
  const id = sub ?? email ?? common_name;
  if (id === undefined || id.length > MAX_ID_LENGTH) return undefined;
  const known = new Set([...rules.viewers, ...rules.operators].map(({ value }) => value));
  return {
    id,
    name: (name ?? email ?? preferred_username ?? common_name ?? id).slice(0, MAX_NAME_LENGTH),
    roles: roleValuesOf(claims, rules.claim, emailRule).filter((value) => known.has(value)),
  };
}

/** What the person may do by these rules. */
export function identityOf({ id, name, roles }: Person, rules: RoleRules): Identity {
  const change = reachOf(roles, rules.operators);
  const validate = reachOf(roles, [...rules.viewers, ...rules.operators]);
  return { id, name, permissions: { validate, change } };
}

export function mayChange({ permissions }: Identity, accountId: string): boolean {
  return reaches(permissions.change, accountId);
}

/** Whether they may list the account's tunnels and validate new ones. */
export function mayValidate({ permissions }: Identity, accountId: string): boolean {
  return reaches(permissions.validate, accountId);
}

/** Whether there is any account in which they may do anything. */
export function hasRole({ permissions: { validate } }: Identity): boolean {
  return validate === 'every-account' || validate.length > 0;
}

function reachOf(roles: readonly string[], entries: readonly RoleEntry[]): Reach {
  const granted = entries.filter(({ value }) => roles.includes(value)).map(({ accountId }) => accountId);
  return granted.includes(undefined) ? 'every-account' : granted.filter((accountId) => accountId !== undefined);
}

function reaches(reach: Reach, accountId: string): boolean {
  return reach === 'every-account' || reach.includes(accountId);
}

function roleValuesOf(claims: Claims, name: string, emailRule: EmailRule): string[] {
  if (name === 'email' && !isEmailTrusted(claims, emailRule)) return [];
  const claim = Object.hasOwn(claims, name) ? claims[name] : nestedClaim(claims, name.split('.'));
  return (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === 'string');
}

function isEmailTrusted({ email_verified: verified }: Claims, rule: EmailRule): boolean {
  return rule === 'only-if-verified' ? verified === true : verified !== false;
}

function nestedClaim(claims: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return claims;
  if (typeof claims !== 'object' || claims === null || !Object.hasOwn(claims, step)) return undefined;
  return nestedClaim(Object.entries(claims).find(([name]) => name === step)?.[1], rest);
}
