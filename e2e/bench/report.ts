// What a measurement yields: figures, each beside a reference from the same run, and what became of its target.

import { styleText } from 'node:util';

export type Unit = '/s' | '/min' | 'ms' | 'MB' | 'kB' | '%';

export type Target =
  | { readonly kind: 'at most'; readonly figure: number }
  | { readonly kind: 'at least' | 'at most times'; readonly timesReference: number };

export interface Row {
  /** The file that measured it. */
  readonly measurement: string;
  readonly what: string;
  readonly unit: Unit;
  readonly figure: number;
  readonly reference: { readonly what: string; readonly figure: number };
  readonly target?: Target;
}

export type TargetState = 'met' | 'missed' | 'none set';

/** A measurement on its own: what it is called on the command line, and how it is taken. */
export interface Measurement {
  readonly name: string;
  /** What is measured and how, for whoever reads the table. */
  readonly method: string;
  run(): Promise<Row[]>;
}

export function stateOf({ figure, reference, target }: Row): TargetState {
  switch (target?.kind) {
    case undefined:
      return 'none set';
    case 'at most':
      return figure <= target.figure ? 'met' : 'missed';
    case 'at most times':
      return figure <= target.timesReference * reference.figure ? 'met' : 'missed';
    case 'at least':
      return figure >= target.timesReference * reference.figure ? 'met' : 'missed';
  }
}

/** The figure in multiples of its reference; `undefined` where the reference is lost in the noise around zero. */
export function ratioOf({ figure, reference }: Row): number | undefined {
  return reference.figure > 0 ? figure / reference.figure : undefined;
}

export function printTable(method: string, rows: readonly Row[]): void {
  const cells = [['what', 'figure', 'reference', '', 'ratio', 'target', ''], ...rows.map(cellsOf)];
  const widths = cells.reduce<number[]>((max, line) => line.map((cell, i) => Math.max(max[i] ?? 0, cell.length)), []);
  const isNumber = (column: number) => column === 1 || column === 3 || column === 4;
  console.log(`\n${method}\n`);
  for (const [index, line] of cells.entries()) {
    const padded = line.map((cell, column) =>
      isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    const text = padded.join('  ').trimEnd();
    console.log(index === 0 ? styleText('dim', text) : text.replace(/missed$/, styleText('red', 'missed')));
  }
}

function cellsOf(row: Row): string[] {
  const { what, unit, figure, reference } = row;
  const ratio = ratioOf(row);
  const state = stateOf(row);
  return [
    what,
    format(figure, unit),
    reference.what,
    format(reference.figure, unit),
    ratio === undefined ? '' : `${ratio.toFixed(2)}×`,
    targetText(row),
    state === 'none set' ? '' : state,
  ];
}

function targetText({ unit, target }: Row): string {
  if (target === undefined) return '';
  if (target.kind === 'at most') return `≤ ${target.figure} ${unit}`;
  return `${target.kind === 'at least' ? '≥' : '≤'} ${target.timesReference}×`;
}

function format(figure: number, unit: Unit): string {
  const decimals = unit === 'ms' && figure < 10 ? 2 : unit === '/s' || figure >= 1000 ? 0 : 1;
  const number = figure.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${number}${unit.startsWith('/') ? '' : ' '}${unit}`;
}
