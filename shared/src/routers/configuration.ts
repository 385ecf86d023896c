// What a router's configuration is made from, and what it consists of.

import { replaceInvisible } from '../characters.ts';
import type { RouterAdvisory } from './advisories.ts';
import { ROUTER_NAMES, type RouterKind } from './kinds.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { RouterSettings } from './settings.ts';

export interface RouterInput {
  readonly accountId: string;
  /** The tunnels of one router: one, or a pair. */
  readonly tunnels: readonly RouterTunnel[];
  readonly settings: RouterSettings;
  readonly deskVersion: string;
  readonly at: Date;
}

/** How a file is highlighted: a shell script, sections of `key = value`, a router's commands, or plain text. */
export type FileLanguage = 'shell' | 'ini' | 'commands' | 'text';

export interface ConfigurationFile {
  /** Without a path: lower case letters, digits, `-`, `_` and `.`; unique in one configuration. */
  readonly name: string;
  readonly language: FileLanguage;
  /** Where it goes or what it is for, in a few words. */
  readonly purpose: string;
  /** Ends with a line break. Only a file whose tunnels have a key holds one. */
  readonly content: string;
}

export interface RouterConfiguration {
  readonly files: readonly ConfigurationFile[];
  /** What is not in the files because no documentation says how, or because the router cannot do it; each a sentence. */
  readonly leftOut: readonly string[];
}

/** The settings that a kind of router makes use of, beside its kind. */
export type AskedSetting = Exclude<keyof RouterSettings, 'kind' | 'pairedWith'>;

export interface RouterDefinition {
  readonly kind: RouterKind;
  /** The day of the newest guide it was made from, such as 2026-08-24; absent where the real thing ran with it. */
  readonly guidesOf?: string;
  /** What its parameters come from: title and publisher, each on one line of the head of every file. */
  readonly sources: readonly string[];
  readonly asks: readonly AskedSetting[];
  /** Such as `eth0`. Absent where it is not asked for. */
  readonly uplinkExample?: string;
  /** Names of uplinks it can have, where they are fewer than {@link RouterSettings} allows. */
  readonly uplinkPattern?: RegExp;
  configure(input: RouterInput): RouterConfiguration;
  /** What of a tunnel does not suit this kind of router. */
  adviseOn(tunnel: RouterTunnel, settings: RouterSettings): readonly RouterAdvisory[];
}

/** Stands in a file for a pre-shared key that was not asked for in it. */
export const KEY_PLACEHOLDER = '<PRE-SHARED-KEY>';

const MAX_NAME_IN_COMMENT = 100;

/** Any text as printable ASCII of one line, for a comment: whatever else it has is written as `?`. */
export function inComment(text: string): string {
  const visible = replaceInvisible(text, () => '?').replace(/[^ -~]/g, '?');
  return visible.length > MAX_NAME_IN_COMMENT ? `${visible.slice(0, MAX_NAME_IN_COMMENT)}...` : visible;
}

/** The lines that every file begins with, each after the mark of a comment and a space. */
export function commentHead(
  { accountId, tunnels, deskVersion, at }: RouterInput,
  { kind, guidesOf, sources }: Pick<RouterDefinition, 'kind' | 'guidesOf' | 'sources'>,
  mark: string,
): string {
  const lines = [
    ...tunnels.map(
      ({ id, name, cloudflareEndpoint }) => `Tunnel ${inComment(name)}, ID ${id}, to ${cloudflareEndpoint}`,
    ),
    `Account ${inComment(accountId)}`,
    `For ${ROUTER_NAMES[kind]}, made by Tunnel Desk ${inComment(deskVersion)} at ${at.toISOString()}`,
    ...(guidesOf === undefined ? [] : [`Made from the guides of ${guidesOf}, not run here`]),
    'Parameters come from:',
    ...sources.map((source) => `  ${source}`),
  ];
  return lines.map((line) => `${mark} ${line}\n`).join('');
}
