// Environment → config → app → listen → close gracefully.

import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { StartupError } from './environment.ts';
import { terminalLogStream } from './http/terminal-log.ts';
import { CannotListen } from './listening.ts';
import { proxyFetch } from './outgoing-proxy.ts';

const result = readConfig(process.env);
if (!result.ok) {
  for (const problem of result.problems) console.error(problem);
  process.exit(1);
}

const { config } = result;
if (config.outgoingProxy) proxyFetch(config.outgoingProxy);
const logStream = process.stdout.isTTY ? await terminalLogStream() : undefined;
const app = await buildApp(config, logStream && { logStream }).catch(endWithProblem);
app.log.info({ signIn: config.auth.kind, publicUrl: config.publicOrigin, dataDir: config.dataDir }, 'Configured');
const listening = { host: config.host, port: config.port };
await app
  .listen({ ...listening, listenTextResolver: (address) => `Tunnel Desk listens on ${address}` })
  .catch((error: unknown) =>
    endWithProblem(error instanceof StartupError ? error : new CannotListen(error, listening, 'HOST and PORT')),
  );
app.log.info(
  config.upstream.kind === 'sandbox'
    ? 'Mode: sandbox, nothing here reaches Cloudflare'
    : `Mode: cloudflare, calls go to ${config.upstream.baseUrl}`,
);

// A call that is on its way to Cloudflare is answered before the server goes. A second signal ends it at once.
closeWithGrace({ delay: false, logger: app.log }, async ({ err, signal }) => {
  if (err) app.log.fatal({ err }, 'unexpected error, closing');
  else app.log.info({ signal, graceMs: config.shutdownGraceMs }, 'stopping: only what is in flight is still answered');
  const isAnswered = await Promise.race([app.close().then(() => true), delay(config.shutdownGraceMs, false)]);
  if (isAnswered) app.log.info('stopped: every request is answered');
  else app.log.warn('stopped with requests unanswered: SHUTDOWN_GRACE_MS is over');
});

/** One line for whoever starts the server; what is none of their problems is a bug. */
function endWithProblem(error: unknown): never {
  if (!(error instanceof StartupError)) throw error;
  console.error(error.message);
  process.exit(1);
}
