// Environment → config → app → listen → close gracefully.

import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { terminalLogStream } from './http/terminal-log.ts';
import { CannotListen } from './listening.ts';

const result = readConfig(process.env);
if (!result.ok) {
  for (const problem of result.problems) console.error(problem);
  process.exit(1);
}

const { config } = result;
const logStream = process.stdout.isTTY ? await terminalLogStream() : undefined;
const app = await buildApp(config, logStream && { logStream });

try {
  await app.listen({
    host: config.host,
    port: config.port,
    listenTextResolver: (address) => `Tunnel Desk listens on ${address}`,
  });
} catch (error) {
  console.error((error instanceof CannotListen ? error : new CannotListen(error, config, 'HOST and PORT')).message);
  process.exit(1);
}
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
