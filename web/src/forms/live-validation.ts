// What the rules say of a form that changes, field by field. The values stay with the form: this holds what follows from them.

import type { Issue } from '@tunnel-desk/shared/issues';

/** Advice on a field, which never blocks. */
export interface FieldAdvisory extends Issue {
  readonly severity: 'conflict' | 'risk' | 'note';
}

/** What the rules say of one field. */
export interface Findings {
  /** With their paths in the request. */
  readonly issues: readonly Issue[];
  readonly advisories: readonly FieldAdvisory[];
}

/** The rules of a form's request. */
export interface FormRules {
  /** The findings on a field, given the request as the form stands. */
  findingsOn(field: string, request: Readonly<Record<string, unknown>>): Findings;
  /** The fields whose findings depend on this one's value, itself among them; `undefined` for every field. */
  dependentsOf(field: string): readonly string[] | undefined;
}

/** An issue that the server found with a field. */
export interface ServerIssue {
  readonly field: string;
  readonly message: string;
}

/** What is said of one field. */
export interface FieldState extends Findings {
  /** What the server said of the value that still stands there. */
  readonly serverIssues: readonly ServerIssue[];
}

const NO_FINDINGS: Findings = { issues: [], advisories: [] };
const NO_STATE: FieldState = { ...NO_FINDINGS, serverIssues: [] };

/**
 * Validates what changed and what depends on it. The state of a field keeps its identity as long as it says the same, so
 * that a keystroke renders only the fields about which something new is said.
 */
export class LiveValidation {
  /** Grows with every change of the form's values. */
  version = 0;
  /** What would be sent, right or wrong. */
  request: Readonly<Record<string, unknown>>;
  /** Every issue, in the order of the form's fields. */
  issues: readonly Issue[] = [];
  /** What the server said and still holds. */
  serverIssues: readonly ServerIssue[] = [];
  readonly #fields: readonly string[];
  #rules: FormRules;
  readonly #states = new Map<string, FieldState>();
  readonly #listeners = new Set<() => void>();

  /** `fields` are the names of the fields that can have issues, in the order of the form. */
  constructor(fields: readonly string[], rules: FormRules, request: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
    this.#rules = rules;
    this.request = request;
    this.#validate(fields);
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  stateOf(field: string): FieldState {
    return this.#states.get(field) ?? NO_STATE;
  }

  /**
   * Takes the request as it stands after a field changed, or after anything may have. What the server said of it, and of what
   * depends on it, lapses.
   */
  change(field: string | undefined, request: Readonly<Record<string, unknown>>): void {
    this.version += 1;
    this.request = request;
    const dependents = field === undefined ? undefined : this.#rules.dependentsOf(field);
    const lapses = (issue: ServerIssue) => issue.field === field || dependents?.includes(issue.field);
    if (this.serverIssues.some(lapses)) this.#keepServerIssues(this.serverIssues.filter((issue) => !lapses(issue)));
    this.#validate(dependents ?? this.#fields);
    this.#publish();
  }

  /** Takes other rules, as when the account or its tunnels are known; what was typed stays. */
  setRules(rules: FormRules, request: Readonly<Record<string, unknown>>): void {
    this.#rules = rules;
    this.request = request;
    this.#validate(this.#fields);
    this.#publish();
  }

  setServerIssues(issues: readonly ServerIssue[]): void {
    this.#keepServerIssues(issues);
    this.#publish();
  }

  #validate(fields: readonly string[]): void {
    for (const field of fields) {
      const before = this.stateOf(field);
      const findings = this.#rules.findingsOn(field, this.request);
      if (!isSame(before, findings)) this.#states.set(field, { ...before, ...findings });
    }
    const issues = this.#fields.flatMap((field) => this.stateOf(field).issues);
    if (!isSameList(issues, this.issues)) this.issues = issues;
  }

  #keepServerIssues(issues: readonly ServerIssue[]): void {
    for (const field of new Set([...this.serverIssues, ...issues].map((issue) => issue.field))) {
      const serverIssues = issues.filter((issue) => issue.field === field);
      this.#states.set(field, { ...this.stateOf(field), serverIssues });
    }
    this.serverIssues = issues;
  }

  #publish(): void {
    for (const listener of this.#listeners) listener();
  }
}

function isSame(a: Findings, b: Findings): boolean {
  return isSameList(a.issues, b.issues) && isSameList(a.advisories, b.advisories);
}

function isSameList(a: readonly Issue[], b: readonly Issue[]): boolean {
  return a === b || (a.length === b.length && a.every((one, index) => isSameFinding(one, b[index])));
}

/** Severities follow from the messages. */
function isSameFinding(a: Issue, b: Issue | undefined): boolean {
  return (
    a === b || (a.message === b?.message && a.suggestion === b.suggestion && a.path.join('/') === b.path.join('/'))
  );
}
