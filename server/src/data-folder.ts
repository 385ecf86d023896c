// The folder of what must outlive the server, checked before a database is opened in it: SQLite says of every obstacle
// that it is "unable to open database file".

import { accessSync, chmodSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileErrorReason, printablePath, StartupError } from './startup-error.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** What of a file's mode is for others than its owner. */
const OTHERS = 0o077;

/**
 * Creates the folder where it is missing, and closes it and the databases in it to all other users. Throws a
 * {@link StartupError} when the folder, or a database in it, cannot be read and written.
 */
export function prepareDataFolder(dataDir: string): void {
  const shown = printablePath(dataDir);
  attempt(`cannot create the folder ${shown}`, () => mkdirSync(dataDir, { recursive: true, mode: FOLDER_MODE }));
  attempt(`cannot read and write in the folder ${shown}`, () =>
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK),
  );
  closeToOthers(dataDir, FOLDER_MODE, `the folder ${shown}`);
  for (const name of readdirSync(dataDir).filter(isDatabaseFile)) {
    const path = join(dataDir, name);
    attempt(`cannot read and write ${join(shown, name)}`, () => accessSync(path, constants.R_OK | constants.W_OK));
    closeToOthers(path, FILE_MODE, join(shown, name));
  }
}

/** Made by an older version, restored from a backup or mounted, it may be open to others. */
function closeToOthers(path: string, mode: number, shown: string): void {
  const found = statSync(path);
  if ((found.mode & OTHERS) === 0) return;
  // A mounted volume's folder may belong to the platform, which opens it to this server's group; the files in it are ours.
  if (found.isDirectory() && found.uid !== process.geteuid?.()) return;
  attempt(`cannot close ${shown} to other users`, () => chmodSync(path, mode));
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
