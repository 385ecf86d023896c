// How many rows a second are validated: a setting of the person in this browser.

export const VALIDATION_RATES = [1, 2, 4] as const;
export type ValidationRate = (typeof VALIDATION_RATES)[number];

/** Half of what Cloudflare allows one person, who has other things to do beside. */
const DEFAULT_RATE: ValidationRate = 2;
const STORAGE_KEY = 'tunnel-desk.validation-rate';

export function rememberedRate(): ValidationRate {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return VALIDATION_RATES.find((rate) => String(rate) === stored) ?? DEFAULT_RATE;
  } catch {
    return DEFAULT_RATE;
  }
}

export function rememberRate(rate: ValidationRate): void {
  try {
    localStorage.setItem(STORAGE_KEY, String(rate));
  } catch {
    // Without storage it starts at the default each time.
  }
}
