// How a peer could spell a secret that it sends back.

const jsonOf = (text: string) => JSON.stringify(text).slice(1, -1);
const percentOf = (text: string, isEncoded: (index: number) => boolean) =>
  [...Buffer.from(text, 'utf8')]
    .map((byte, index) =>
      byte > 0x7e || byte < 0x21 || byte === 0x25 || isEncoded(index)
        ? `%${byte.toString(16).padStart(2, '0').toUpperCase()}`
        : String.fromCharCode(byte),
    )
    .join('');
const NAMED: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '!': '&excl;', '#': '&num;' },
  ...{ '/': '&sol;', '+': '&plus;', '=': '&equals;', '@': '&commat;', '%': '&percnt;', '\\': '&bsol;', _: '&lowbar;' },
};
const base64After = (before: string, secret: string) =>
  Buffer.from(`${before}${secret} and more`, 'utf8').toString('base64');

/** By name, each a function from the secret to the text that a peer sends. */
export const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  JSON: jsonOf,
  'JSON twice': (secret) => jsonOf(jsonOf(secret)),
  'JSON with every character escaped': (secret) =>
    secret
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  'percent, what must be': (secret) => encodeURIComponent(secret.toWellFormed()),
  'percent, all of it': (secret) => percentOf(secret, () => true),
  'percent, in lower case': (secret) => percentOf(secret, () => true).toLowerCase(),
  'percent, every other character': (secret) => percentOf(secret, (index) => index % 2 === 0),
  'percent, twice': (secret) => encodeURIComponent(percentOf(secret, () => true)),
  form: (secret) => new URLSearchParams({ k: secret }).toString().slice(2),
  'HTML, named': (secret) => secret.replaceAll(/[&<>"'!#/+=@%\\_]/g, (character) => NAMED[character] ?? character),
  'HTML, decimal': (secret) => Array.from(secret, (character) => `&#${character.codePointAt(0)};`).join(''),
  'HTML, hexadecimal': (secret) =>
    Array.from(secret, (character) => `&#x${character.codePointAt(0)?.toString(16)};`).join(''),
  'hexadecimal, lower case': (secret) => Buffer.from(secret, 'utf8').toString('hex'),
  'hexadecimal, upper case': (secret) => Buffer.from(secret, 'utf8').toString('hex').toUpperCase(),
  base64: (secret) => Buffer.from(secret, 'utf8').toString('base64'),
  'base64 without padding': (secret) => Buffer.from(secret, 'utf8').toString('base64').replace(/=+$/, ''),
  base64url: (secret) => Buffer.from(secret, 'utf8').toString('base64url'),
  'base64 of more, first alignment': (secret) => base64After('abc', secret),
  'base64 of more, second alignment': (secret) => base64After('Bearer ', secret),
  'base64 of more, third alignment': (secret) => base64After('psk=ab:', `d${secret}`),
  'base64url of more': (secret) => base64After('x:', secret).replaceAll('+', '-').replaceAll('/', '_'),
  'base64 in lines': (secret) => base64After('x', secret).replaceAll(/.{19}(?=.)/g, '$&\r\n'),
  'base64, percent-encoded': (secret) => encodeURIComponent(base64After('', secret)),
};
