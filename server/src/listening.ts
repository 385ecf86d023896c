// The place a server is to listen at, when it cannot be had.

import { StartupError } from './environment.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Names the variables to change. */
export class CannotListen extends StartupError {
  constructor(cause: unknown, { host, port }: Place, variables: string) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    super(`cannot listen on ${host}, port ${port} (${reason}): choose others with ${variables}`);
  }
}
