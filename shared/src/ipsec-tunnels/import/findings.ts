// What is wrong with the rows of an import, and what is advised on them, cell by cell: the form's own rules.

import type { ValueIssue } from '../../issues.ts';
import {
  ADVISORY_RULES,
  type Advisory,
  type AdvisoryContext,
  type AdvisoryRule,
  type RequestPath,
} from '../advisories.ts';
import { CELL_FIELDS, isField, wordIn } from '../cells.ts';
import { HEALTH_CHECK_DIRECTIONS, HEALTH_CHECK_RATES, HEALTH_CHECK_TYPES } from '../fields.ts';
import { quoted } from '../near-misses.ts';
import { type IpsecTunnelField, type IpsecTunnelRules, ipsecTunnelFields, issuesOnField } from '../request.ts';
import { fieldValue, requestOf } from './requests.ts';
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
  /** The same row again is answered at once; what is said of a value is found once for all rows that have it. */
  findingsOn(row: ImportRow): RowFindings;
}

export function createRowChecks({ accountId, rules, context }: RowChecksOptions): RowChecks {
  const schemas = ipsecTunnelFields({ ...rules, accountId, healthCheckTarget: 'string' });
  const known = new WeakMap<ImportRow, RowFindings>();
  const issuesByText = new Map(CELL_FIELDS.map((field) => [field, new Map<string, readonly CellIssue[]>()]));
  const adviceByTexts = new Map(ADVISORY_RULES.map((rule) => [rule, new Map<string, readonly CellIssue[]>()]));

  return {
    findingsOn(row) {
      const findings = known.get(row) ?? find(row);
      known.set(row, findings);
      return findings;
    },
  };

  function find(row: ImportRow): RowFindings {
    const { cells } = row;
    const request = requestOf(cells, accountId);
    const found: CellIssue[] = [];
    for (const field of CELL_FIELDS) {
      if (request['bgp'] === undefined && field.startsWith('bgp.')) continue;
      found.push(...issuesOn(field, cells[field] ?? ''));
    }
    for (const rule of ADVISORY_RULES) {
      if (rule.field === 'psk' && !cells.psk && (row.generatesKey || row.sharesKeyWith !== undefined)) continue;
      found.push(...adviceOf(rule, cells, request));
    }
    return {
      issues: found.filter(({ severity }) => isBlocking(severity)),
      advisories: found.filter(({ severity }) => !isBlocking(severity)),
    };
  }

  function issuesOn(field: IpsecTunnelField, text: string): readonly CellIssue[] {
    return remember(issuesByText.get(field), text, () => {
      const issues = issuesOnField(schemas, field, fieldValue(field, text, accountId));
      return issues.map(({ path, message, suggestion }): CellIssue => {
        const entry = path.at(-1);
        const told = WORDS[field]?.(text) ?? { message, suggestion };
        return { field, ...told, severity: 'issue', ...(typeof entry === 'number' && { entry }) };
      });
    });
  }

  function adviceOf(rule: AdvisoryRule, cells: ImportCells, request: Record<string, unknown>): readonly CellIssue[] {
    const key = rule.dependsOn.map((path) => textsAt(path, cells, request)).join('\0');
    return remember(adviceByTexts.get(rule), key, () => [
      ...rule.advise(request, context).map((advisory) => toCellIssue(rule.field, advisory)),
      ...adviseOnSpreadsheet(rule.field, cells[rule.field]),
    ]);
  }
}

function isBlocking(severity: CellIssue['severity']): boolean {
  return severity === 'issue' || severity === 'conflict';
}

function remember<Value>(values: Map<string, Value> | undefined, key: string, find: () => Value): Value {
  const known = values?.get(key);
  if (known !== undefined) return known;
  const found = find();
  values?.set(key, found);
  return found;
}

/** Of a group no rule reads more than whether it is there. */
function textsAt(path: RequestPath, cells: ImportCells, request: Readonly<Record<string, unknown>>): string {
  return isField(path) ? (cells[path] ?? '') : String(request[path] !== undefined);
}

function toCellIssue(field: IpsecTunnelField, { path, message, severity, suggestion }: Advisory): CellIssue {
  const entry = path.at(-1);
  return { field, message, severity, suggestion, ...(typeof entry === 'number' && { entry }) };
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

/** As spreadsheets write the dates they take `3-1` or `1/2` for, in the languages that have these signs. */
const DATE =
  /^(?:\d{1,2}[-. ](?:\p{L}{3,4}\.?)(?:[-. ]\d{2,4})?|\p{L}{3,4}[-. ]\d{2,4}|\d{1,2}([-/.])\d{1,2}\1\d{2,4}|\d{4}-\d{2}-\d{2}(?: 00:00(?::00)?)?)$/u;
const SHORTENED_NUMBER = /^\d(?:[.,]\d+)?E\+\d+$/i;

/** What the cell was before cannot be told, so there is no fix. */
function adviseOnSpreadsheet(field: IpsecTunnelField, text = ''): CellIssue[] {
  if (field !== 'name' && field !== 'psk') return [];
  const plain = text.trim();
  const looks = DATE.test(plain) ? 'a date' : SHORTENED_NUMBER.test(plain) ? 'a shortened number' : undefined;
  if (looks === undefined) return [];
  const message = `This looks like ${looks}, which a spreadsheet may have made of something else. Check it against the source.`;
  return [{ field, message, severity: 'risk' }];
}
