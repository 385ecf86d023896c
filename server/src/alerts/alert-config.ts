// Whom the desk tells of what it finds by itself, as the environment says it.

import { z } from 'zod';
import { addProblem, readNamedFile, refuse, secretText } from '../environment.ts';
import { isLoopback } from '../loopback.ts';
import { Secret } from '../secret.ts';

export interface WebhookConfig {
  /** Of many receivers, knowing it is all it takes to post there. */
  readonly url: Secret;
  readonly secret: Secret;
}

/** Of base64, this many characters hold 192 bits. */
const MIN_SECRET_LENGTH = 32;

/** The variables, to be spread into the schema of the environment. */
export const alertVariables = {
  ALERT_WEBHOOK_URL: z.string().transform(parseWebhookUrl).optional(),
  ALERT_WEBHOOK_SECRET: secretText(MIN_SECRET_LENGTH).optional(),
  ALERT_WEBHOOK_SECRET_FILE: z.string().transform(readNamedFile).pipe(secretText(MIN_SECRET_LENGTH)).optional(),
};

const alertSchema = z.object(alertVariables);

/** `undefined` where nobody is told. Adds a problem for what would not work. */
export function chooseWebhook(env: z.output<typeof alertSchema>, context: z.RefinementCtx): WebhookConfig | undefined {
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET, ALERT_WEBHOOK_SECRET_FILE } = env;
  if (ALERT_WEBHOOK_SECRET !== undefined && ALERT_WEBHOOK_SECRET_FILE !== undefined) {
    addProblem(context, 'ALERT_WEBHOOK_SECRET_FILE', 'set either this or ALERT_WEBHOOK_SECRET, not both');
  }
  const secret = ALERT_WEBHOOK_SECRET ?? ALERT_WEBHOOK_SECRET_FILE;
  if (url !== undefined && secret === undefined) {
    addProblem(
      context,
      'ALERT_WEBHOOK_SECRET',
      'is needed with ALERT_WEBHOOK_URL, here or in ALERT_WEBHOOK_SECRET_FILE: what alerts are signed with',
    );
  }
  if (url === undefined && secret !== undefined) {
    addProblem(context, 'ALERT_WEBHOOK_URL', 'is not set, though a secret for it is: where alerts are sent');
  }
  return url && secret && { url, secret };
}

function parseWebhookUrl(text: string, context: z.RefinementCtx): Secret {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return refuse(context, 'is not an https URL');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return refuse(context, 'must be https: over plain http, alerts could be read and held back');
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return refuse(context, 'must have no user, password or fragment');
  }
  return new Secret(url.href);
}
