// Where the hash chain ends, kept in a small file beside the database: what the database loses in a crash is then missed.

import { open, readFile, rename } from 'node:fs/promises';
import { type ChainHead, chainHeadSchema } from '@tunnel-desk/shared/api/audit';

export interface HeadFile {
  /** The end that was noted last; `undefined` where none was, or where the file holds something else. */
  read(): Promise<ChainHead | undefined>;
  /** The end that was noted and then not found, if there was such a thing; kept until somebody removes its file. */
  readLost(): Promise<ChainHead | undefined>;
  /** Fulfilled once it is on disk. */
  write(head: ChainHead): Promise<void>;
  /** Keeps an end that is not found any more. An earlier one stays. */
  writeLost(head: ChainHead): Promise<void>;
}

export function headFile(path: string): HeadFile {
  const lostPath = `${path}.lost`;
  return {
    read: () => readHead(path),
    readLost: () => readHead(lostPath),
    write: (head) => writeHead(path, head),
    async writeLost(head) {
      if ((await readHead(lostPath)) === undefined) await writeHead(lostPath, head);
    },
  };
}

async function readHead(path: string): Promise<ChainHead | undefined> {
  try {
    return chainHeadSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** In full or not at all, whenever the machine stops. */
async function writeHead(path: string, head: ChainHead): Promise<void> {
  const unfinished = `${path}.new`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(head)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
