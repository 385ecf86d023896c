// What is wrong with the rows of an import, and what is advised on them, cell by cell: the form's own rules.

import type { ValueIssue } from '../../issues.ts';
import {
  ADVISORY_RULES,
  type Advisory,
  type AdvisoryContext,
  type AdvisoryRule,
  type RequestPath,
} from '../advisories.ts';
import { CELL_FIELDS, isField, readCell, wordIn } from '../cells.ts';
import { HEALTH_CHECK_DIRECTIONS, HEALTH_CHECK_RATES, HEALTH_CHECK_TYPES } from '../fields.ts';
import { quoted } from '../near-misses.ts';
import { type IpsecTunnelField, type IpsecTunnelRules, ipsecTunnelFields, issuesOnField } from '../request.ts';
import { fieldValue, putAt } from './requests.ts';
import type { ImportCells, ImportRow } from './rows.ts';

/** Something to say of a cell. An `issue` and a `conflict` keep the row from being created; the others do not. */
export interface CellIssue {
  readonly field: IpsecTunnelField;
  readonly message: string;
  /** The text to put there instead, or in place of the entry; only where it is certain to be what was meant. */
  readonly suggestion?: string | undefined;
  readonly severity: 'issue' | 'conflict' | 'risk' | 'note';
  /** Which entry of a list it is about, the first one being 0. */
  readonly entry?: number | undefined;
}

export interface RowFindings {
  /** Of the severities `issue` and `conflict`. */
  readonly issues: readonly CellIssue[];
  /** Of the severities `risk` and `note`. */
  readonly advisories: readonly CellIssue[];
}

export interface RowChecksOptions {
  readonly accountId: string;
  readonly rules: Pick<IpsecTunnelRules, 'interfaceAddressRules' | 'virtualSubnet6'>;
  /** The tunnels that the rows themselves have made already are no others: leave them out of the index. */
  readonly context: AdvisoryContext;
}

export interface RowChecks {
  /** The same row again is answered at once. */
  findingsOn(row: ImportRow): RowFindings;
}

export function createRowChecks({ accountId, rules, context }: RowChecksOptions): RowChecks {
  const schemas = ipsecTunnelFields({ ...rules, accountId, healthCheckTarget: 'string' });
  const known = new WeakMap<ImportRow, RowFindings>();
  const checks = CELL_FIELDS.map((field) => new CellCheck(field));
  return {
    findingsOn(row) {
      const findings = known.get(row) ?? find(row);
      known.set(row, findings);
      return findings;
    },
  };

  function find(row: ImportRow): RowFindings {
    const { cells } = row;
    const hasBgp = BGP_FIELDS.some((field) => readCell(field, cells[field] ?? '') !== undefined);
    const willHaveKey = !cells.psk && (row.generatesKey || row.sharesKeyWith !== undefined);
    let issues = NOTHING;
    let advisories = NOTHING;
    for (const check of checks) {
      if (!hasBgp && check.isOfBgp) continue;
      const key = check.isRepeating() ? check.keyOf(cells, hasBgp) : undefined;
      const known = key === undefined ? undefined : check.known(key);
      const found = known ?? findOn(check, cells, hasBgp);
      if (known === undefined && key !== undefined) check.keep(key, found);
      if (found.issues.length > 0) issues = [...issues, ...found.issues];
      const isAdvised = found.advisories.length > 0 && !(willHaveKey && check.field === 'psk');
      if (isAdvised) advisories = [...advisories, ...found.advisories];
    }
    return issues === NOTHING && advisories === NOTHING ? NO_FINDINGS : { issues, advisories };
  }

  function findOn({ field, rule, others }: CellCheck, cells: ImportCells, hasBgp: boolean): RowFindings {
    const text = cells[field] ?? '';
    const value = fieldValue(field, text, accountId);
    const issues = issuesOnField(schemas, field, value);
    let advice: readonly Advisory[] = [];
    if (rule !== undefined) {
      // Of the request, what the rule reads.
      const draft: Record<string, unknown> = {};
      putAt(draft, field, value);
      for (const path of others) {
        if (isField(path)) putAt(draft, path, fieldValue(path, cells[path], accountId));
        else if (path === 'bgp' && hasBgp) draft[path] = {};
      }
      advice = rule.advise(draft, context);
    }
    const looks = looksOfSpreadsheet(field, text);
    if (issues.length + advice.length + looks.length === 0) return NO_FINDINGS;
    const found = [
      ...issues.map(({ path, message, suggestion }): CellIssue => {
        const told = WORDS[field]?.(text) ?? { message, suggestion };
        return { field, ...told, severity: 'issue', ...entryIn(path) };
      }),
      ...advice.map(({ path, message, severity, suggestion }): CellIssue => {
        return { field, message, severity, suggestion, ...entryIn(path) };
      }),
      ...looks,
    ];
    return { issues: found.filter(isBlocking), advisories: found.filter((each) => !isBlocking(each)) };
  }
}

const NOTHING: readonly CellIssue[] = [];
const NO_FINDINGS: RowFindings = { issues: NOTHING, advisories: NOTHING };
const BGP_FIELDS = CELL_FIELDS.filter((field) => field.startsWith('bgp.'));
const RULES = new Map(ADVISORY_RULES.map((rule) => [rule.field, rule]));
/** How many texts of a column are remembered: those of one that repeats are few. */
const MAX_REMEMBERED = 256;

/** What was found of a field, by its text and by those that its advice depends on: columns repeat. */
class CellCheck {
  readonly field: IpsecTunnelField;
  readonly rule: AdvisoryRule | undefined;
  readonly isOfBgp: boolean;
  readonly others: readonly RequestPath[];
  readonly #found = new Map<string, RowFindings>();
  #lastKey: string | undefined;
  #last: RowFindings | undefined;
  #hits = 0;
  #misses = 0;

  constructor(field: IpsecTunnelField) {
    this.field = field;
    this.rule = RULES.get(field);
    this.isOfBgp = field.startsWith('bgp.');
    this.others = (this.rule?.dependsOn ?? []).filter((path) => path !== field);
  }

  /** Once a column has shown that it does not repeat, its texts are not looked up any more. */
  isRepeating(): boolean {
    return this.#misses < MAX_REMEMBERED || this.#hits >= this.#misses;
  }

  /** BGP is the one group that a rule reads, and only whether it is there. */
  keyOf(cells: ImportCells, hasBgp: boolean): string {
    let key = cells[this.field] ?? '';
    for (const path of this.others) key += `\0${isField(path) ? (cells[path] ?? '') : hasBgp}`;
    return key;
  }

  known(key: string): RowFindings | undefined {
    const found = key === this.#lastKey ? this.#last : this.#found.get(key);
    if (found === undefined) this.#misses += 1;
    else this.#hits += 1;
    this.#lastKey = key;
    this.#last = found;
    return found;
  }

  keep(key: string, found: RowFindings): void {
    this.#last = found;
    if (this.#found.size < MAX_REMEMBERED) this.#found.set(key, found);
  }
}

function isBlocking({ severity }: CellIssue): boolean {
  return severity === 'issue' || severity === 'conflict';
}

function entryIn(path: readonly (string | number)[]): Pick<CellIssue, 'entry'> {
  const entry = path.at(-1);
  return typeof entry === 'number' ? { entry } : {};
}

/** What people write for a word of the API, and spreadsheets in other languages for theirs. */
const MEANT = {
  flag: new Map(
    Object.entries({ yes: 'true', y: 'true', on: 'true', 1: 'true', wahr: 'true', vrai: 'true', verdadero: 'true' })
      .concat(Object.entries({ no: 'false', n: 'false', off: 'false', 0: 'false', falsch: 'false', faux: 'false' }))
      .concat(['true', 'false'].map((word) => [word, word])),
  ),
  rate: wordsOf(HEALTH_CHECK_RATES, [['medium', 'mid']]),
  type: wordsOf(HEALTH_CHECK_TYPES),
  direction: wordsOf(HEALTH_CHECK_DIRECTIONS),
};

function wordsOf(words: readonly string[], others: readonly [string, string][] = []): ReadonlyMap<string, string> {
  return new Map([...words.map((word): [string, string] => [word, word]), ...others]);
}

/** What is said of a text that is none of the field's words: the schema says only what type it must be of. */
const WORDS: Partial<Record<IpsecTunnelField, (text: string) => ValueIssue | undefined>> = {
  replay_protection: wrongWord('true or false', MEANT.flag),
  automatic_return_routing: wrongWord('true or false', MEANT.flag),
  'health_check.enabled': wrongWord('true or false', MEANT.flag),
  'health_check.rate': wrongWord(HEALTH_CHECK_RATES.join(', '), MEANT.rate),
  'health_check.type': wrongWord(HEALTH_CHECK_TYPES.join(', '), MEANT.type),
  'health_check.direction': wrongWord(HEALTH_CHECK_DIRECTIONS.join(', '), MEANT.direction),
};

function wrongWord(words: string, meant: ReadonlyMap<string, string>) {
  return (text: string): ValueIssue => ({
    message: `${quoted(text.trim())} must be ${words.includes(' or ') ? words : `one of ${words}`}`,
    suggestion: meant.get(wordIn(text)),
  });
}

/** The months as English, German, French and Spanish spreadsheets shorten them. */
const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|mrz|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|déc|ene|abr|ago|dic)\\.?';
/** As spreadsheets write the dates that they take `3-1` or `1/2` for. */
const DATE = new RegExp(
  `^(?:\\d{1,2}[-. /]{1,2}${MONTH}(?:[-. /]\\d{2,4})?|${MONTH}[-. /]\\d{2,4}|\\d{1,2}([-/.])\\d{1,2}\\1\\d{2,4}|\\d{4}-\\d{2}-\\d{2}(?: 00:00(?::00)?)?)$`,
  'i',
);
const SHORTENED_NUMBER = /^\d(?:[.,]\d+)?E\+\d+$/i;

/** What the cell was before cannot be told, so there is no fix. */
function looksOfSpreadsheet(field: IpsecTunnelField, text: string): readonly CellIssue[] {
  if (field !== 'name' && field !== 'psk') return NOTHING;
  const plain = text.trim();
  const looks = DATE.test(plain) ? 'a date' : SHORTENED_NUMBER.test(plain) ? 'a shortened number' : undefined;
  if (looks === undefined) return NOTHING;
  const message = `This looks like ${looks}, which a spreadsheet may have made of something else. Check it against the source.`;
  return [{ field, message, severity: 'risk' }];
}
