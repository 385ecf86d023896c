// Whether a text may still become right by typing on, so that nobody is corrected in the middle of a word.

export function isAddressStart(text: string): boolean {
  return isIpv4Start(text) || isIpv6Start(text);
}

export function isInterfaceAddressStart(text: string): boolean {
  return isCidrStart(text, isIpv4Start, ['31', '30']);
}

export function isInterfaceAddress6Start(text: string): boolean {
  return isCidrStart(text, isIpv6Start, ['127']);
}

/** Of a list, only the last entry is still being typed. */
export function isPrefixListStart(text: string): boolean {
  return isCidrStart(text.split(/[\s,;]+/).at(-1) ?? '', isAddressStart, []);
}

export function isAsnStart(text: string): boolean {
  return /^as?$/i.test(text);
}

/** A DNS label that ends in a hyphen so far. */
export function isLabelStart(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]*-$/i.test(text);
}

function isIpv4Start(text: string): boolean {
  const octets = text.split('.');
  return (
    octets.length <= 4 &&
    octets.every((octet) => /^(?:|0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255) &&
    !/\.\.|^\./.test(text)
  );
}

function isIpv6Start(text: string): boolean {
  const groups = text.split(':');
  const isShort = groups.length <= 9 && groups.every((group) => /^[0-9a-f]{0,4}$/i.test(group));
  return isShort && text.split('::').length <= 2 && !text.includes(':::');
}

/** An address without its length yet, or with a length that may still grow into one of those wanted. */
function isCidrStart(text: string, isStart: (text: string) => boolean, wantedLengths: readonly string[]): boolean {
  const [address = '', length = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isStart(address)) return false;
  return length === '' || wantedLengths.some((wanted) => wanted !== length && wanted.startsWith(length));
}
