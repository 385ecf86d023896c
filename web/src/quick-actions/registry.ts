// What can be done right now: whatever is on the page registers its actions, and takes them along when it goes.

/** Something to do, for the quick actions, the list of shortcuts, and its key. */
export interface QuickAction {
  /** What it does, in the imperative: "Copy the tunnel ID". */
  readonly label: string;
  /** One character, or `Mod+` and a key: Ctrl, and ⌘ on a Mac. See `shortcutOf`. */
  readonly shortcut?: string | undefined;
  readonly run: () => void;
  /** Why it can't be done just now, in a sentence; absent when it can. */
  readonly disabledReason?: string | undefined;
}

/** Whether an action belongs to the page that is open, or is there on every page. */
export type Scope = 'page' | 'everywhere';

export interface ScopedAction extends QuickAction {
  readonly scope: Scope;
}

/** The place of one component's actions. */
export interface Registration {
  replace(actions: readonly QuickAction[]): void;
  remove(): void;
}

interface Entry {
  readonly scope: Scope;
  actions: readonly QuickAction[];
}

export class QuickActionRegistry {
  readonly #entries = new Set<Entry>();
  readonly #listeners = new Set<() => void>();
  #actions: readonly ScopedAction[] = [];

  /** All actions: the page's own first. Of two with the same label or shortcut only the first is there. */
  get actions(): readonly ScopedAction[] {
    return this.#actions;
  }

  add(scope: Scope): Registration {
    const entry: Entry = { scope, actions: [] };
    this.#entries.add(entry);
    return {
      replace: (actions) => {
        entry.actions = actions;
        this.#publish();
      },
      remove: () => {
        this.#entries.delete(entry);
        this.#publish();
      },
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #publish(): void {
    const all = (['page', 'everywhere'] as const).flatMap((scope) => this.#inScope(scope));
    this.#actions = all.filter(
      (action, index) =>
        !all
          .slice(0, index)
          .some(
            ({ label, shortcut }) => label === action.label || (shortcut !== undefined && shortcut === action.shortcut),
          ),
    );
    for (const listener of this.#listeners) listener();
  }

  #inScope(scope: Scope): ScopedAction[] {
    return [...this.#entries]
      .filter((entry) => entry.scope === scope)
      .flatMap(({ actions }) => actions.map((action) => ({ ...action, scope })));
  }
}
