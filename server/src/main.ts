// Environment → config → app → listen → close gracefully.

import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { StartProblem } from './environment.ts';
import { terminalLogStream } from './http/terminal-log.ts';
import { leadFetchThrough } from './outgoing-proxy.ts';

const result = readConfig(process.env);
if (!result.ok) {
  for (const problem of result.problems) console.error(problem);
  process.exit(1);
}

const { config } = result;
if (config.outgoingProxy) leadFetchThrough(config.outgoingProxy);
const logStream = process.stdout.isTTY ? await terminalLogStream() : undefined;
const app = await buildApp(config, logStream && { logStream }).catch((error: unknown) => {
  if (!(error instanceof StartProblem)) throw error;
  console.error(error.message);
  process.exit(1);
});

try {
  await app.listen({
    host: config.host,
    port: config.port,
    listenTextResolver: (address) => `Tunnel Desk listens on ${address}`,
  });
} catch (error) {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  console.error(`cannot listen on ${config.host}, port ${config.port} (${reason}): choose others with HOST and PORT`);
  process.exit(1);
}
app.log.info(
  config.upstream.kind === 'sandbox'
    ? 'Mode: sandbox, nothing here reaches Cloudflare'
    : `Mode: cloudflare, calls go to ${config.upstream.baseUrl}`,
);

// A call that is on its way to Cloudflare is answered before the server goes.
closeWithGrace({ delay: config.upstreamTimeoutMs + 1_000, logger: app.log }, async ({ err }) => {
  if (err) app.log.fatal({ err }, 'unexpected error, closing');
  await app.close();
});
