// Why the server cannot start, as one line that the person who starts it can act on.

import { isIP } from 'node:net';

/** Its message is printed as it is; every other error at start is a bug and keeps its stack. */
export class StartupError extends Error {}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** An address that a server cannot listen on; its message names the environment variables to change. */
export class CannotListen extends StartupError {
  constructor(cause: unknown, { host, port }: ListenAddress, variables: string) {
    const code = errorCode(cause);
    const reason = LISTEN_REASONS[code] ?? `the system reports ${code}`;
    // Not a name, which could be a secret in the wrong variable.
    const shown = isIP(host) !== 0 || host === 'localhost' ? host : 'the host it was given';
    super(`cannot listen on ${shown}, port ${port}: ${reason}. Choose another address with ${variables}`);
  }
}

const LISTEN_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program already listens there',
  EACCES: "this server's user may not use that port (ports below 1024 are usually reserved for root)",
  EPERM: "this server's user may not use that port (ports below 1024 are usually reserved for root)",
  EADDRNOTAVAIL: 'this machine does not have that address',
  EAFNOSUPPORT: 'this machine has that IP version switched off',
  ENOTFOUND: 'that host name has no address',
  EAI_AGAIN: 'that host name cannot be looked up now',
};

const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
  EACCES: "this server's user has no permission",
  EPERM: "this server's user has no permission",
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its path is too long',
  ELOOP: 'its symbolic links point at each other',
  ERR_INVALID_ARG_VALUE: 'its path contains a null character',
};

/** The path as a message may show it: not where the text could be a secret, which may hold slashes too (as base64 does). */
export function printablePath(path: string): string {
  const isSurelyPath = /^(?:\/[^/]+\/|\.{1,2}\/)/.test(path) && !/^[A-Za-z0-9+/=]{32,}$/.test(path);
  return isSurelyPath ? path : '(not shown: it could be a secret)';
}

/** Why a file or folder could not be used, to follow its name and a colon. */
export function fileErrorReason(error: unknown): string {
  const code = errorCode(error);
  return FILE_REASONS[code] ?? `the system reports ${code}`;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
