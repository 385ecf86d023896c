// The server as it is really started: a process of its own.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { expectNoSecretIn, temporaryFolder } from './desk.ts';

const MAIN = fileURLToPath(new URL('../../start.js', import.meta.url));
/** Its environment is exactly this one, and a folder of its own. */
function startMain(environment: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [MAIN], { env: { DATA_DIR: temporaryFolder(), ...environment } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What a process that ends by itself left behind. */
export async function runMain(environment: NodeJS.ProcessEnv) {
  const child = startMain(environment);
  const [output, errors, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expectNoSecretIn(output + errors);
  return { exitCode, output, errorLines: errors.split('\n').filter((line) => line !== '') };
}

/** A process that listens, with the lines it logged until then and their messages, and a way to read on. */
export async function startListening(environment: NodeJS.ProcessEnv) {
  const child = startMain({ PORT: '0', ...environment });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const messages: string[] = [];
  const logLines: string[] = [];
  /** Reads until a message matches, or to the end. */
  const readUntil = async (pattern?: RegExp) => {
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      expectNoSecretIn(line.value);
      logLines.push(line.value);
      messages.push(messageOf(line.value));
      if (pattern?.test(messages.at(-1) ?? '')) return;
    }
  };
  await readUntil(/^Mode: /);
  const address = /http:\/\/\S+/.exec(messages.at(-2) ?? '')?.[0];
  if (address === undefined) throw new Error(`no address in ${messages.join('\n')}`);
  return { child, messages, logLines, address, readUntil };
}

function messageOf(line: string): string {
  const entry: unknown = JSON.parse(line);
  return typeof entry === 'object' && entry !== null && 'msg' in entry ? String(entry.msg) : '';
}
