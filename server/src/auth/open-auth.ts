// The mode of AUTH that is configured.

import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { LOCAL_OPERATOR } from './identity.ts';
import type { AuthMode } from './mode.ts';

const NO_SIGN_IN: AuthMode = {
  authenticate: () => ({ kind: 'identified', identity: LOCAL_OPERATOR }),
  registerSignIn: () => undefined,
  checks: {},
};

/** Opens the mode for the plugins of this app. The libraries of the other modes are not loaded. */
export async function openAuth(
  app: FastifyInstance,
  { auth, publicOrigin }: Pick<Config, 'auth' | 'publicOrigin'>,
): Promise<AuthMode> {
  switch (auth.kind) {
    case 'none':
      return NO_SIGN_IN;
    case 'proxy-jwt': {
      if (publicOrigin === undefined) {
        app.log.warn('PUBLIC_URL is not set: under any name but a loopback one the desk responds with 421');
      }
      const { openProxyJwt } = await import('./proxy-jwt.ts');
      return openProxyJwt(auth);
    }
    case 'oidc': {
      const { openOidc } = await import('./oidc.ts');
      return openOidc(app, auth);
    }
  }
}
