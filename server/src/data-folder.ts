// The folder of what must outlive the server, checked before a database is opened in it: SQLite says of every obstacle
// that it is "unable to open database file".

import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileErrorReason, StartupError } from './startup-error.ts';

/**
 * Creates the folder where it is missing. Throws a {@link StartupError} when the folder, or a database in it, cannot be
 * read and written.
 */
export function prepareDataFolder(dataDir: string): void {
  attempt(`cannot create the folder ${dataDir}`, () => mkdirSync(dataDir, { recursive: true, mode: 0o700 }));
  attempt(`cannot read and write in the folder ${dataDir}`, () =>
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK),
  );
  for (const name of readdirSync(dataDir).filter(isDatabaseFile)) {
    const path = join(dataDir, name);
    attempt(`cannot read and write ${path}`, () => accessSync(path, constants.R_OK | constants.W_OK));
  }
}

/** SQLite's own, and those it keeps beside them while it runs. */
function isDatabaseFile(name: string): boolean {
  return /\.sqlite(?:-wal|-shm|-journal)?$/.test(name);
}

function attempt(failure: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new StartupError(
      `DATA_DIR: ${failure}: ${fileErrorReason(error)}. It must be a folder that this server's user can write to`,
    );
  }
}
