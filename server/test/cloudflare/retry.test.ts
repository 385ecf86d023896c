import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { UpstreamResponse } from '../../src/cloudflare/response.ts';
import { plausibleRetryAfter, withRetries } from '../../src/cloudflare/retry.ts';

/** How often a call is made of which every attempt ends so. */
async function attemptsAt(answer: UpstreamResponse): Promise<number> {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  let attempts = 0;
  await withRetries(15_000, async () => {
    attempts += 1;
    return answer;
  });
  return attempts;
}

const busy = (retryAfter: string | undefined): UpstreamResponse => ({
  kind: 'unintelligible',
  content: 'HTML',
  status: 503,
  cfRay: undefined,
  retryAfter,
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();

describe('Retry-After', () => {
  it.each([
    ['of more seconds than there are', () => '60'],
    ['of more seconds than a timer counts', () => '9999999999999999999999999999999999999999'],
    ['of a date to come', inAnHour],
  ])('%s ends the call', async (_what, retryAfter) => {
    expect(await attemptsAt(busy(retryAfter()))).toBe(1);
  });

  it.each([
    ['no wait at all', '0'],
    ['a date gone by', 'Wed, 21 Oct 2015 07:28:00 GMT'],
    ['nothing', undefined],
    ['a word', 'soon'],
    ['a time that has no sense', '-5'],
    ['a fraction', '1.5'],
    ['two numbers, which only a lenient reader takes for a date', '12, 2099'],
    ['a date that there is not', 'Wed, 99 Oct 2099 07:28:00 GMT'],
  ])('that names %s leaves it at two repetitions', async (_what, retryAfter) => {
    expect(await attemptsAt(busy(retryAfter))).toBe(3);
  });
});

describe('a Retry-After is passed on', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

  it.each([
    ['no wait at all', '0'],
    ['a second', '1'],
    ['an hour', '3600'],
    ['a date within the hour', inSeconds(1800)],
  ])('where it asks for %s', (_what, header) => {
    expect(plausibleRetryAfter(header)).toBe(header);
  });

  it.each([
    ['more than an hour', '3601'],
    ['more seconds than a timer counts', '9'.repeat(40)],
    ['a negative time', '-5'],
    ['a fraction', '1.5'],
    ['a word', 'soon'],
    ['nothing', ''],
    ['a number in another form', '0x10'],
    ['two numbers', '12, 2099'],
    ['a date gone by', inSeconds(-60)],
    ['a date after the hour', inSeconds(7200)],
    ['a date that there is not', 'Wed, 99 Oct 2099 07:28:00 GMT'],
    ['a date in another form', new Date(Date.now() + 60_000).toISOString()],
  ])('but not where it asks for %s', (_what, header) => {
    expect(plausibleRetryAfter(header)).toBeUndefined();
  });
});
