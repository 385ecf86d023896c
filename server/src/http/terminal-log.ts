// Log lines for a person at a terminal: https://github.com/pinojs/pino-pretty

/** A stream that prints pino's JSON lines in colour, loaded only where someone looks at it. */
export async function terminalLogStream() {
  const { default: pretty } = await import('pino-pretty');
  return pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true, sync: true });
}
