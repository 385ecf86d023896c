import { describe, expect, it } from 'vitest';
import { givingUp } from '../../src/submissions/give-up.ts';

describe('waiting for work', () => {
  it('gives what the work gives, and rejects as it does', async () => {
    const giveUp = givingUp();
    expect(await giveUp.wait(Promise.resolve('done'))).toBe('done');
    await expect(giveUp.wait(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('is given up for all who wait, and for all who come later', async () => {
    const giveUp = givingUp();
    const never = new Promise<string>(() => undefined);
    const waiting = [giveUp.wait(never), giveUp.wait(never)];
    giveUp.now();
    expect(await Promise.all([...waiting, giveUp.wait(never)])).toEqual([undefined, undefined, undefined]);
  });
});
