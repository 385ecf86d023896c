// An alert as it is sent: JSON for programs, with a sentence for people in `text`, where chats look for one.

import type { Alert, AlertedTunnel } from './alerts.ts';

/** The ID is the same however often it is sent. */
export interface AlertMessage {
  readonly id: string;
  readonly kind: Alert['kind'];
  readonly body: string;
}

export interface MessageContext {
  readonly id: string;
  /** Of the account. */
  readonly label: string;
  /** Where people reach the desk, for a link. */
  readonly publicOrigin: string | undefined;
}

/** How many tunnels are named in `tunnels`, and in the sentence; `count` says how many there are. */
const MAX_TUNNELS = 100;
const MAX_NAMES = 10;
const MAX_NAME_LENGTH = 100;

const SENTENCES: Readonly<Record<Alert['kind'], readonly [one: string, many: string]>> = {
  drift: ['was changed elsewhere', 'were changed elsewhere'],
  'drift-gone': ['is as this desk knows it again', 'are as this desk knows them again'],
  'tunnels-down': ['is down', 'are down'],
  'tunnels-up': ['is up again', 'are up again'],
};

export function messageOf(alert: Alert, { id, label, publicOrigin }: MessageContext): AlertMessage {
  const { kind, accountId, at, tunnels } = alert;
  const body = {
    ...{ id, kind, at: at.toISOString(), account: { id: accountId, label }, count: tunnels.length },
    tunnels: tunnels.slice(0, MAX_TUNNELS).map((tunnel) => toJson(tunnel, accountId, publicOrigin)),
    text: sentenceOf(alert, label),
  };
  return { id, kind, body: JSON.stringify(body) };
}

/** Field by field, so that nothing else of a tunnel is ever sent. */
function toJson({ id, name, since, drift, fields }: AlertedTunnel, accountId: string, origin: string | undefined) {
  // The page of the tunnel, as web/src/app/paths.ts has it.
  const url =
    origin === undefined || id === undefined ? undefined : `${origin}/accounts/${accountId}/ipsec-tunnels/${id}`;
  return { id, name, since, drift, fields, url };
}

function sentenceOf({ kind, tunnels }: Alert, label: string): string {
  const [one, many] = SENTENCES[kind];
  const names = tunnels.slice(0, MAX_NAMES).map(namedWithDrift);
  const more = tunnels.length - names.length;
  const listed = more > 0 ? [...names, `${more} more`].join(', ') : names.join(', ');
  const what = tunnels.length === 1 ? `tunnel ${one}` : `tunnels ${many}`;
  return `${readable(label)}: ${tunnels.length} ${what}: ${listed}`;
}

function namedWithDrift({ name, drift, fields = [] }: AlertedTunnel): string {
  const what = drift === 'changed' ? fields.join(', ') : drift;
  return what ? `${readable(name)} (${what})` : readable(name);
}

/** On one line, whatever somebody called it. */
function readable(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > MAX_NAME_LENGTH ? `${line.slice(0, MAX_NAME_LENGTH)}…` : line;
}
