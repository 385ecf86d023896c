// A world of its own for a few machines: processes, mounts and networks that no one else sees, and that the kernel takes
// back as a whole when the process that made them ends, however it ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** For what hangs, not for what is slow. */
const READY_TIMEOUT_MS = 120_000;
const POLL_EVERY_MS = 20;

/**
 * The first process of the world, and of every machine: it lives as long as its standard input is open. That is the pipe
 * from this process, which the kernel closes even after SIGKILL; with the world's first process go all the others.
 */
const UNTIL_INPUT_ENDS = 'echo ready && exec cat';

/** What daemons write to: in memory, and in a copy of what the system has, so that nothing of it reaches the disk. */
const PRIVATE_FOLDERS = `set -e
mount -t tmpfs machine /run
cp -a /etc /run/etc
mount --bind /run/etc /etc
for folder in /tmp /var/tmp /var/log; do mount -t tmpfs machine "$folder"; done
ip link set lo up
`;

export interface Finished {
  readonly status: number | null;
  /** Standard output and standard error, one after the other. */
  readonly output: string;
}

/** A process that runs on until it is stopped. */
export interface Daemon {
  /** What it has written so far. */
  log(): string;
  isRunning(): boolean;
}

/** A computer with a network, an /etc and a /run of its own; the programs are those of the host. */
export interface Machine {
  readonly name: string;
  /** Runs a command to its end. */
  try(command: string, args: readonly string[], input?: string): Promise<Finished>;
  /** Runs a command that has to succeed, and returns what it wrote. */
  run(command: string, args: readonly string[], input?: string): Promise<string>;
  /** Writes a file, which nobody but root can read. */
  write(path: string, content: string): Promise<void>;
  start(command: string, args: readonly string[]): Daemon;
}

export interface World extends AsyncDisposable {
  /** The process outside that ends with the world. */
  readonly pid: number;
  addMachine(name: string): Promise<Machine>;
  /** Joins two machines by a cable, named as the interface at each end. */
  connect(one: readonly [Machine, string], other: readonly [Machine, string]): Promise<void>;
}

interface Holder {
  readonly child: ChildProcess;
  readonly pid: number;
}

/** Makes an empty world. Throws where this process may not, or the system has no namespaces. */
export async function createWorld(): Promise<World> {
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const world = await hold('unshare', [...namespaces, 'sh', '-c', UNTIL_INPUT_ENDS]);
  const enterWorld = [`--mount=/proc/${world.pid}/ns/mnt`, `--pid=/proc/${world.pid}/ns/pid_for_children`];
  const inside = new Map<Machine, number>();

  return {
    pid: world.pid,
    async addMachine(name) {
      const script = `echo $$ && ${PRIVATE_FOLDERS}${UNTIL_INPUT_ENDS}`;
      const unshare = ['unshare', '--mount', '--net', 'sh', '-c', script];
      const holder = await hold('nsenter', [...enterWorld, ...unshare]);
      const pid = Number(/^\d+/.exec(holder.greeting)?.[0]);
      const enterMachine = ['nsenter', `--mount=/proc/${pid}/ns/mnt`, `--net=/proc/${pid}/ns/net`, '--wd=/'];
      const machine = createMachine(name, ['nsenter', ...enterWorld, ...enterMachine]);
      inside.set(machine, pid);
      return machine;
    },
    async connect([one, oneInterface], [other, otherInterface]) {
      const cable = ['type', 'veth', 'peer', 'name', otherInterface, 'netns', String(inside.get(other))];
      await one.run('ip', ['link', 'add', oneInterface, ...cable]);
    },
    async [Symbol.asyncDispose]() {
      world.child.stdin?.end();
      if (world.child.exitCode === null && world.child.signalCode === null) await once(world.child, 'exit');
    },
  };
}

/** Starts a process that lives as long as this one, and waits until it is ready. */
async function hold(command: string, args: readonly string[]): Promise<Holder & { readonly greeting: string }> {
  const child = spawn(command, args, { stdio: 'pipe' });
  const output = collect(child);
  const giveUpAt = performance.now() + READY_TIMEOUT_MS;
  while (!/^ready$/m.test(output())) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (hasEnded || performance.now() > giveUpAt) {
      child.kill('SIGKILL');
      throw new Error(`${command} ${args.join(' ')} was not ready: ${output()}`);
    }
    await delay(POLL_EVERY_MS);
  }
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return { child, pid: child.pid, greeting: output() };
}

function createMachine(name: string, enter: readonly string[]): Machine {
  const [command = '', ...enterArgs] = enter;

  async function attempt(program: string, args: readonly string[], input = ''): Promise<Finished> {
    const child = spawn(command, [...enterArgs, program, ...args], { stdio: 'pipe' });
    child.stdin.on('error', () => undefined).end(input);
    const [output, errors, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { status: typeof status === 'number' ? status : null, output: output + errors };
  }

  async function run(program: string, args: readonly string[], input?: string): Promise<string> {
    const { status, output } = await attempt(program, args, input);
    if (status !== 0) throw new Error(`${name}: ${program} ${args.join(' ')} ended with ${status}: ${output}`);
    return output;
  }

  return {
    name,
    try: attempt,
    run,
    async write(path, content) {
      await run('sh', ['-c', 'umask 077 && mkdir -p "$(dirname "$1")" && cat > "$1"', 'sh', path], content);
    },
    start(program, args) {
      const child = spawn(command, [...enterArgs, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      const log = collect(child);
      return { log, isRunning: () => child.exitCode === null && child.signalCode === null };
    },
  };
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let written = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      written += part;
    });
  }
  return () => written;
}
