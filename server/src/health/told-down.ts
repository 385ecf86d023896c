// Which tunnels somebody was told are down, so that a restart tells nothing twice.

export interface ToldDown {
  /** Names of tunnels; `undefined` where the account's health was never watched. */
  find(accountId: string): Promise<ReadonlySet<string> | undefined>;
  /** In place of those before. */
  save(accountId: string, names: Iterable<string>): Promise<void>;
}
