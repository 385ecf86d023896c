// Builds what a Dockerfile describes without a container engine: each stage a folder, each instruction what it does there.
// It knows the instructions that ours has, and refuses others instead of passing over them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, matchesGlob, relative } from 'node:path';
import { text } from 'node:stream/consumers';

/** The last stage, ready to run. */
export interface Image {
  /** Of its file system: what the image has at `/`. */
  readonly root: string;
  readonly workdir: string;
  /** With paths as they are on this machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  /** What the stages start from. */
  readonly bases: readonly string[];
}

interface Instruction {
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly rest: string;
}

interface Stage {
  readonly root: string;
  workdir: string;
  user: string;
  environment: Record<string, string>;
  volumes: string[];
  command: string[];
  healthCheck: string[];
}

/** Builds the `Dockerfile` of `context` into folders of `into`. Rejects where an instruction fails, with what it printed. */
export async function buildImage(context: string, into: string): Promise<Image> {
  const ignored = (await linesOf(join(context, '.dockerignore'))).filter((line) => !line.startsWith('#'));
  const stages = new Map<string, Stage>();
  const bases: string[] = [];
  let stage: Stage | undefined;
  for (const instruction of instructionsIn(await linesOf(join(context, 'Dockerfile')))) {
    if (instruction.name === 'FROM') {
      const [base = '', , name = 'final'] = instruction.rest.split(' ');
      stage = await startStage(join(into, name));
      stages.set(name, stage);
      bases.push(base);
    } else if (stage === undefined) {
      throw new Error(`${instruction.name} stands before the first FROM`);
    } else {
      await carryOut(instruction, stage, { context, ignored, stages });
    }
  }
  if (stage === undefined) throw new Error('the Dockerfile has no stage');
  return { ...stage, bases };
}

async function startStage(root: string): Promise<Stage> {
  await mkdir(root, { recursive: true });
  return { root, workdir: root, user: '0', environment: {}, volumes: [], command: [], healthCheck: [] };
}

interface Surroundings {
  readonly context: string;
  /** Patterns of what is not taken from the context. */
  readonly ignored: readonly string[];
  readonly stages: ReadonlyMap<string, Stage>;
}

async function carryOut({ name, flags, rest }: Instruction, stage: Stage, surroundings: Surroundings): Promise<void> {
  switch (name) {
    case 'WORKDIR':
      stage.workdir = pathIn(stage, rest);
      await mkdir(stage.workdir, { recursive: true });
      return;
    case 'COPY':
      return copy(rest.split(' '), flags, stage, surroundings);
    case 'RUN':
      return run(rest, stage.workdir);
    case 'ENV':
      for (const [, key = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g)) {
        stage.environment[key] = isAbsolute(value) ? pathIn(stage, value) : value;
      }
      return;
    case 'USER':
      stage.user = rest;
      return;
    case 'VOLUME':
      stage.volumes.push(pathIn(stage, rest));
      return;
    case 'EXPOSE':
      return;
    case 'HEALTHCHECK':
      stage.healthCheck = wordsOf(rest.replace(/^CMD /, ''));
      return;
    case 'CMD':
      stage.command = wordsOf(rest);
      return;
    default:
      throw new Error(`${name} is an instruction unknown here`);
  }
}

async function copy(
  paths: readonly string[],
  { from, chown: owner }: Instruction['flags'],
  stage: Stage,
  { context, ignored, stages }: Surroundings,
): Promise<void> {
  const target = paths.at(-1) ?? '';
  const into = pathIn(stage, target);
  for (const path of paths.slice(0, -1)) {
    const origin = from === undefined ? undefined : stages.get(from);
    const source = origin === undefined ? join(context, path) : pathIn(origin, path);
    const isFolder = (await stat(source)).isDirectory();
    await cp(source, isFolder || !target.endsWith('/') ? into : join(into, basename(source)), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) =>
        origin !== undefined || !ignored.some((pattern) => matchesGlob(relative(context, file), pattern)),
    });
  }
  // Only root may give files away; anybody else runs the image as themselves.
  if (owner !== undefined && process.getuid?.() === 0) {
    const [user, group] = owner.split(':').map(Number);
    await chown(into, user ?? 0, group ?? 0);
  }
}

async function run(script: string, cwd: string): Promise<void> {
  // What a test runner sets would change what is built.
  const child = spawn('sh', ['-c', script], { cwd, env: { ...process.env, NODE_ENV: undefined } });
  const [output, errors, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (exitCode !== 0) throw new Error(`RUN ${script} ended with ${exitCode}:\n${output}${errors}`);
}

function pathIn(stage: Stage, path: string): string {
  return isAbsolute(path) ? join(stage.root, path) : join(stage.workdir, path);
}

function wordsOf(list: string): string[] {
  const words: unknown = JSON.parse(list);
  if (!Array.isArray(words)) throw new Error(`${list} is no list of words`);
  return words.map(String);
}

function instructionsIn(lines: readonly string[]): Instruction[] {
  return lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [, name = '', flags = '', rest = ''] = /^([A-Z]+) ((?:--\S+ )*)(.+)$/.exec(line) ?? [];
      if (name === '') throw new Error(`"${line}" is no instruction on a line of its own`);
      const pairs = [...flags.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag = '', value = '']) => [flag, value]);
      return { name, flags: Object.fromEntries(pairs), rest };
    });
}

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
}
