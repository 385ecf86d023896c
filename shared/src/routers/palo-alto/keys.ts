// Which keys can be written in a command of PAN-OS: no documentation tells how its quotes are escaped.

/** Characters of the keys in Cloudflare's guide, and of names there: none that quotes, asks for help or is a variable. */
const WRITABLE_PATTERN = /^[a-z0-9_.!+/=-]+$/i;
const MAX_PRE_SHARED_KEY = 255;
const MAX_MD5_KEY = 63;

/** Why the pre-shared key cannot be written, as the end of a sentence that has nothing of it; `undefined` where it can. */
export function preSharedKeyIssue(key: string): string | undefined {
  return keyIssue(key, MAX_PRE_SHARED_KEY);
}

/** The same for an MD5 key. */
export function md5KeyIssue(key: string): string | undefined {
  return keyIssue(key, MAX_MD5_KEY);
}

function keyIssue(key: string, longest: number): string | undefined {
  if (!WRITABLE_PATTERN.test(key))
    return 'has other characters than letters, digits and - _ . ! + / =, and no documentation tells how PAN-OS reads those';
  if (key.startsWith('-')) return 'begins with a hyphen, as keys do that PAN-OS has encrypted';
  if (key.length > longest) return `is longer than the ${longest} characters that PAN-OS takes`;
  return undefined;
}
