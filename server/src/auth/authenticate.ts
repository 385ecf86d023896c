// What every mode of AUTH offers: a way to find out who sent a request, and whether it can.

import type { FastifyRequest } from 'fastify';
import type { ReadinessChecks } from '../readiness.ts';
import type { Identity } from './identity.ts';

export type Authentication =
  | { readonly kind: 'identified'; readonly identity: Identity }
  /** Who it is cannot be found out just now; the reason is for the log, and holds nothing of the request. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'not-signed-in' };

/** Finds out who sent a request. */
export type Authenticate = (request: FastifyRequest) => Authentication | Promise<Authentication>;

export interface AuthenticationMode {
  readonly authenticate: Authenticate;
  /** Of what it needs from elsewhere. */
  readonly checks: ReadinessChecks;
}
