// What every mode of AUTH offers: the routes of its sign-in, and a way to find out who sent a request.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ReadinessChecks } from '../readiness.ts';
import type { Identity } from './identity.ts';

export type Authentication =
  | { readonly kind: 'identified'; readonly identity: Identity }
  /** Who it is cannot be found out just now; the reason is for the log, and has nothing of the request in it. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'not-signed-in' };

/** Finds out who sent a request. */
export type Authenticate = (request: FastifyRequest) => Authentication | Promise<Authentication>;

export interface AuthMode {
  readonly authenticate: Authenticate;
  readonly registerSignIn: (app: FastifyInstance) => void;
  /** Of what it needs from elsewhere. */
  readonly checks: ReadinessChecks;
}
