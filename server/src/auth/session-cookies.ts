// The two cookies of AUTH=oidc, sealed so that only this desk can read or make them, and every replica with the same
// secret can: https://github.com/fastify/fastify-secure-session

import { hkdfSync } from 'node:crypto';
import secureSession from '@fastify/secure-session';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { OidcConfig } from './auth-config.ts';
import type { Person } from './identity.ts';

/** How long somebody may take to sign in at the provider, in seconds. */
const SIGN_IN_TTL_S = 600;

const personSchema = z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) });
const pendingSignInSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  returnTo: z.string(),
});

/** What ties the provider's callback to the browser that began the sign-in. */
export type PendingSignIn = z.infer<typeof pendingSignInSchema>;

declare module '@fastify/secure-session' {
  interface SessionData {
    person: Person;
    pending: PendingSignIn;
  }
}
declare module 'fastify' {
  interface FastifyRequest {
    /** The sign-in under way in this browser. */
    signIn: FastifyRequest['session'];
  }
}

/** Both have the time they were made inside the seal, so that a copy expires with the original. */
export async function registerSessionCookies(app: FastifyInstance, config: OidcConfig): Promise<void> {
  const { sessionSecret, sessionTtlMinutes } = config;
  const cookie = (name: string, ttlS: number) => ({
    cookieName: `__Host-tunnel-desk-${name}`,
    // A key of its own, so that neither cookie can be passed off as the other.
    key: Buffer.from(hkdfSync('sha256', sessionSecret.reveal(), '', `tunnel-desk ${name}`, 32)),
    expiry: ttlS,
    // Lax, because the browser comes back from the provider's site.
    cookie: { path: '/', httpOnly: true, secure: true, sameSite: 'lax' as const, maxAge: ttlS },
  });
  await app.register(secureSession, [
    { sessionName: 'session', ...cookie('session', sessionTtlMinutes * 60) },
    { sessionName: 'signIn', ...cookie('sign-in', SIGN_IN_TTL_S) },
  ]);
}

/** Who is signed in; `undefined` without a cookie, and with one that is expired, forged or of an older form. */
export function signedInPerson({ session }: FastifyRequest): Person | undefined {
  return personSchema.safeParse(session.get('person')).data;
}

export function pendingSignIn({ signIn }: FastifyRequest): PendingSignIn | undefined {
  return pendingSignInSchema.safeParse(signIn.get('pending')).data;
}
