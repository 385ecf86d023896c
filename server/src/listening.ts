// The place a server is to listen at, when it cannot be had.

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Its message is one line for whoever starts the server, and names the variables to change. */
export class CannotListen extends Error {
  constructor(cause: unknown, { host, port }: Place, variables: string) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    super(`cannot listen on ${host}, port ${port} (${reason}): choose others with ${variables}`);
  }
}
