// Pre-shared keys made in the browser.

/** Letters and digits only: routers disagree on how to quote anything else. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 40 characters of 62 are 238 bits, more than any cipher of the tunnel has. */
const LENGTH = 40;

/** A random key from the browser's cryptographic generator, every character equally likely. */
export function generatePreSharedKey(): string {
  let key = '';
  while (key.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      // Bytes beyond the last whole multiple of the alphabet would favour its first letters.
      const character = byte < 256 - (256 % ALPHABET.length) ? ALPHABET[byte % ALPHABET.length] : undefined;
      if (character !== undefined && key.length < LENGTH) key += character;
    }
  }
  return key;
}
