// Environment → config → app → listen → close gracefully.

import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { reportToken } from './cloudflare/token-check.ts';
import { readConfig } from './config.ts';
import { BACKLOG } from './http/connection-limits.ts';
import { terminalLogStream } from './http/terminal-log.ts';
import { CannotListen, printablePath, StartupError } from './startup-error.ts';

const LONGEST_FLUSH_MS = 1_000;

// What this process writes is for its user alone: SQLite makes its files while it runs, not only at start.
process.umask(0o077);

const result = readConfig(process.env);
if (!result.ok) {
  for (const problem of result.problems) console.error(problem);
  process.exit(1);
}

const { config } = result;
if (config.outgoingProxy) {
  const { proxyFetch } = await import('./proxy-agent.ts');
  proxyFetch(config.outgoingProxy);
}
const logStream = process.stdout.isTTY ? await terminalLogStream() : undefined;
const app = await buildApp(config, logStream && { logStream }).catch(exitWithReason);
app.log.info(
  { signIn: config.auth.kind, publicUrl: config.publicOrigin, dataDir: printablePath(config.dataDir) },
  'Configured',
);
const address = { host: config.host, port: config.port };
await app
  .listen({ ...address, backlog: BACKLOG, listenTextResolver: (url) => `Tunnel Desk listens on ${url}` })
  .catch((error: unknown) =>
    exitWithReason(error instanceof StartupError ? error : new CannotListen(error, address, 'HOST and PORT')),
  );
app.log.info(
  config.upstream.kind === 'sandbox'
    ? 'Mode: sandbox, nothing here reaches Cloudflare'
    : `Mode: cloudflare, calls go to ${config.upstream.baseUrl}`,
);
// Not waited for: a desk that starts while Cloudflare cannot be reached still serves its pages.
void reportToken(config, app.log);

// A call that is on its way to Cloudflare is answered before the server stops. A second signal ends it at once.
closeWithGrace({ delay: false, logger: app.log }, async ({ err, signal }) => {
  if (err) app.log.fatal({ err }, 'unexpected error, closing');
  else app.log.info({ signal, graceMs: config.shutdownGraceMs }, 'stopping: only what is in flight is still answered');
  const isAnswered = await Promise.race([app.close().then(() => true), delay(config.shutdownGraceMs, false)]);
  if (isAnswered) app.log.info({ auditHead: app.auditHead() }, 'stopped: every request is answered');
  else app.log.warn({ auditHead: app.auditHead() }, 'stopped with requests unanswered: SHUTDOWN_GRACE_MS is over');
  await logWritten(app.log);
});

/** What is being written when the process exits would be lost. Where nobody reads the log, that is not waited for. */
async function logWritten(log: object): Promise<void> {
  if (!('flush' in log) || typeof log.flush !== 'function') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  log.flush(() => resolve());
  await Promise.race([promise, delay(LONGEST_FLUSH_MS)]);
}

/** One line for an operator's mistake; every other error is a bug and keeps its stack. */
function exitWithReason(error: unknown): never {
  if (!(error instanceof StartupError)) throw error;
  console.error(error.message);
  process.exit(1);
}
