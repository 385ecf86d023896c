// Which pre-shared keys a device takes on its page, where they are typed or pasted as they are.

import type { RouterAdvisory } from './advisories.ts';
import { KEY_PLACEHOLDER } from './configuration.ts';
import type { RouterTunnel } from './router-tunnel.ts';
import type { Setting } from './settings-list.ts';

export interface KeyRule {
  /** As sentences name it, such as `AWS`. */
  readonly device: string;
  /** Every key that consists of what the device takes; nothing beyond one line of printable ASCII. */
  readonly pattern: RegExp;
  /** The same in words, after "takes only". */
  readonly characters: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** What a key cannot begin with although it may have it elsewhere. */
  readonly notFirst?: string;
}

/** Why the device does not take the key, as a clause that has nothing of the key in it. */
export function keyIssue(key: string, rule: KeyRule): string | undefined {
  const { device, pattern, characters, minLength = 1, maxLength, notFirst } = rule;
  if (key.length < minLength) return `the key is shorter than the ${minLength} characters that ${device} asks for`;
  if (maxLength !== undefined && key.length > maxLength)
    return `the key is longer than the ${maxLength} characters that ${device} takes`;
  if (!pattern.test(key)) return `the key has other characters; ${device} takes only ${characters}`;
  if (notFirst !== undefined && key.startsWith(notFirst)) return `${device} takes no key that begins with ${notFirst}`;
  return undefined;
}

/** The key as it is, where it was asked for and the device takes it. */
export function keySetting(label: string, { psk }: RouterTunnel, rule: KeyRule): Setting {
  if (psk === undefined) return [label, KEY_PLACEHOLDER];
  const issue = keyIssue(psk, rule);
  return [label, issue === undefined ? { ownLine: psk } : { missing: issue }];
}

/** A key that the device does not take; nothing where the key is not known. */
export function adviseKey({ psk }: RouterTunnel, rule: KeyRule): readonly RouterAdvisory[] {
  const issue = psk === undefined ? undefined : keyIssue(psk, rule);
  return issue === undefined
    ? []
    : [{ message: `${rule.device} does not accept this key: ${issue}. Set another one.` }];
}
