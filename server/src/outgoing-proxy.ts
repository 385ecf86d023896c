// The HTTP proxy for this server's own outbound calls, as the environment names it.

import { z } from 'zod';
import { addProblem } from './environment.ts';
import { Secret } from './secret.ts';

export interface OutgoingProxy {
  /** An http(s) URL, which may hold a user and a password. */
  readonly url: Secret;
  /** The hosts that are reached without it, as NO_PROXY lists them. */
  readonly exceptions: string;
}

/** The variables that may name the proxy; the first one set wins, in the order of undici's EnvHttpProxyAgent. */
const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;
/** A proxy cannot reach this machine. */
const LOOPBACK_EXCEPTIONS = 'localhost,127.0.0.1,::1';

/** The variables, to be spread into the schema of the environment. */
export const outgoingProxyVariables = {
  https_proxy: z.string().optional(),
  HTTPS_PROXY: z.string().optional(),
  http_proxy: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  no_proxy: z.string().optional(),
  NO_PROXY: z.string().optional(),
};

const outgoingProxySchema = z.object(outgoingProxyVariables);

/** The proxy that the environment names; a bad URL adds a problem, which does not repeat it. */
export function chooseOutgoingProxy(
  env: z.output<typeof outgoingProxySchema>,
  context: z.RefinementCtx,
): OutgoingProxy | undefined {
  const variable = PROXY_VARIABLES.find((name) => env[name] !== undefined);
  const url = variable === undefined ? undefined : env[variable];
  if (variable === undefined || url === undefined) return undefined;
  if (!isProxyUrl(url)) {
    addProblem(context, variable, 'is not an http(s) URL, such as http://proxy.example.com:3128');
    return undefined;
  }
  const exceptions = env.no_proxy ?? env.NO_PROXY;
  return {
    url: new Secret(url),
    exceptions: exceptions === undefined ? LOOPBACK_EXCEPTIONS : `${LOOPBACK_EXCEPTIONS},${exceptions}`,
  };
}

/** Whether undici can use it: it reads user and password percent-decoded. */
function isProxyUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false;
  try {
    decodeURIComponent(url.username + url.password);
    return true;
  } catch {
    return false;
  }
}
