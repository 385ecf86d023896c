// The settings of a device that is set up on its own pages, as a numbered list to work through from top to bottom.

/** What stands beside a label: a value, a text that is taken from a line of its own, or why there is none. */
export type SettingValue =
  | string
  /** Written from the beginning of the line to its end, so that nothing around it is taken for a part of it. */
  | { readonly ownLine: string }
  /** A clause without a full stop, such as `the tunnel has no customer endpoint`. */
  | { readonly missing: string };

export type Setting = readonly [label: string, value: SettingValue];

/** Settings under one heading of a page; the heading is empty where the page has none. */
export interface SettingsGroup {
  readonly heading: string;
  readonly settings: readonly Setting[];
}

/** What is done on one page. */
export interface SettingsStep {
  /** How to get there, such as `VPN > IPsec > Tunnels > Add P1`. */
  readonly page: string;
  /** The tunnel it is for, where each has its own. */
  readonly tunnel?: string;
  readonly groups: readonly SettingsGroup[];
}

export interface SettingsList {
  readonly content: string;
  /** A sentence for every setting that has no value. */
  readonly leftOut: readonly string[];
}

/** A step for a page whose settings stand under no headings. */
export function step(page: string, settings: readonly Setting[], tunnel?: string): SettingsStep {
  return { page, groups: [{ heading: '', settings }], ...(tunnel === undefined ? {} : { tunnel }) };
}

/** The steps after a head of comments, numbered from 1; the values of a step are in one column. */
export function writeSettingsList(head: string, steps: readonly SettingsStep[]): SettingsList {
  const numbered = steps.map((each, index) => ({ ...each, number: index + 1 }));
  return {
    content: [head, ...numbered.map(writeStep)].join('\n'),
    leftOut: numbered.flatMap(({ groups, number }) =>
      groups.flatMap(({ settings }) =>
        settings.flatMap(([label, value]) =>
          isMissing(value) ? [`${label} in step ${number}: ${value.missing}.`] : [],
        ),
      ),
    ),
  };
}

function writeStep({ page, tunnel, groups, number }: SettingsStep & { readonly number: number }): string {
  const title = `${number}. ${page}${tunnel === undefined ? '' : `, for ${tunnel}`}\n`;
  const width = Math.max(...groups.flatMap(({ settings }) => settings.map(([label]) => label.length))) + 2;
  const body = groups.flatMap(({ heading, settings }) => [
    ...(heading === '' ? [] : [`   ${heading}\n`]),
    ...settings.map((setting) => writeSetting(setting, heading === '' ? '   ' : '     ', width)),
  ]);
  return title + body.join('');
}

function writeSetting([label, value]: Setting, indent: string, width: number): string {
  const named = `${indent}${label}:`;
  if (typeof value === 'string') return `${named.padEnd(indent.length + width)}${value}\n`;
  return `${named}\n${isMissing(value) ? `${indent}  (none: ${value.missing})` : value.ownLine}\n`;
}

function isMissing(value: SettingValue): value is { readonly missing: string } {
  return typeof value !== 'string' && 'missing' in value;
}
