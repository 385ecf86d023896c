import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { configFrom, temporaryFolder } from '../support/desk.ts';
import { WEBHOOK_SECRET } from '../support/webhook.ts';

const URL = 'https://hooks.example.com/services/T0/B0?channel=ops';
const BOTH = { ALERT_WEBHOOK_URL: URL, ALERT_WEBHOOK_SECRET: WEBHOOK_SECRET };

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  const result = readConfig(environment);
  return result.ok ? [] : result.problems;
}

describe('the webhook for alerts', () => {
  it('is none unless it is named', () => {
    expect(configFrom({}).alertWebhook).toBeUndefined();
  });

  it('is an address and a secret, neither of which is ever printed', () => {
    const { alertWebhook } = configFrom(BOTH);
    expect(alertWebhook?.url.reveal()).toBe(URL);
    expect(alertWebhook?.secret.reveal()).toBe(WEBHOOK_SECRET);
    expect(JSON.stringify(alertWebhook)).toBe('{"url":"[redacted]","secret":"[redacted]"}');
  });

  it('takes its secret from a file as well, but not twice', () => {
    const ALERT_WEBHOOK_SECRET_FILE = join(temporaryFolder(), 'secret');
    writeFileSync(ALERT_WEBHOOK_SECRET_FILE, `${WEBHOOK_SECRET}\n`);
    const { alertWebhook } = configFrom({ ALERT_WEBHOOK_URL: URL, ALERT_WEBHOOK_SECRET_FILE });
    expect(alertWebhook?.secret.reveal()).toBe(WEBHOOK_SECRET);
    expect(problemsOf({ ...BOTH, ALERT_WEBHOOK_SECRET_FILE })).toEqual([
      expect.stringMatching(/^ALERT_WEBHOOK_SECRET_FILE: set either/),
    ]);
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['an address without a secret', { ALERT_WEBHOOK_URL: URL }, /^ALERT_WEBHOOK_SECRET: is needed/],
    ['a secret without an address', { ALERT_WEBHOOK_SECRET: WEBHOOK_SECRET }, /^ALERT_WEBHOOK_URL: is not set/],
    ['a secret that is short', { ...BOTH, ALERT_WEBHOOK_SECRET: 'short' }, /^ALERT_WEBHOOK_SECRET: must have at least/],
    ['plain http', { ...BOTH, ALERT_WEBHOOK_URL: 'http://hooks.example.com/' }, /^ALERT_WEBHOOK_URL: must be https/],
    ['another protocol', { ...BOTH, ALERT_WEBHOOK_URL: 'ftp://hooks.example.com/' }, /^ALERT_WEBHOOK_URL: is not an/],
    ['no URL', { ...BOTH, ALERT_WEBHOOK_URL: 'hooks' }, /^ALERT_WEBHOOK_URL: is not an/],
    [
      'a password',
      { ...BOTH, ALERT_WEBHOOK_URL: 'https://a:b@hooks.example.com/' },
      /^ALERT_WEBHOOK_URL: must have no/,
    ],
    ['a fragment', { ...BOTH, ALERT_WEBHOOK_URL: `${URL}#x` }, /^ALERT_WEBHOOK_URL: must have no/],
  ])('is refused with %s', (_what, environment, problem) => {
    const problems = problemsOf(environment);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join('')).not.toContain('hooks.example.com');
  });

  it('is reached through the outgoing proxy, in sandbox mode too', () => {
    const proxy = { HTTPS_PROXY: 'http://proxy.example.com:3128' };
    expect(configFrom(proxy).outgoingProxy).toBeUndefined();
    expect(configFrom({ ...proxy, ...BOTH }).outgoingProxy).toBeDefined();
  });
});
