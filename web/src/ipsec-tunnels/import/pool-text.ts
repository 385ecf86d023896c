// The prefixes that interface addresses are filled in from, as somebody types them: by the rules of INTERFACE_ADDRESS_POOL.

import { type Cidr, firstAddress, formatCidr, parseCidr } from '@tunnel-desk/shared/ip/cidr';
import {
  allowedRanges,
  type InterfaceAddressRules,
  isAllowedBlock,
} from '@tunnel-desk/shared/ipsec-tunnels/interface-address';
import type { FieldError } from '../../ui/field-frame.tsx';

export interface ReadPools {
  /** Those that are right; none for an empty text. */
  readonly pools: readonly Cidr[];
  readonly errors: readonly FieldError[];
}

/** `onChange` takes the text with an error fixed. */
export function readPools(text: string, rules: InterfaceAddressRules, onChange: (text: string) => void): ReadPools {
  const pools: Cidr[] = [];
  const errors: FieldError[] = [];
  for (const written of text.split(/[\s,;]+/).filter((each) => each !== '')) {
    const pool = parseCidr(written);
    if (pool === undefined || pool.address.version !== 4 || pool.prefixLength > 31) {
      errors.push({ message: `${written} is not an IPv4 prefix of /31 or shorter, such as 10.20.0.0/16` });
    } else if (pool.address.value !== firstAddress(pool).value) {
      const network = formatCidr({ ...pool, address: firstAddress(pool) });
      const fix = { label: `Use ${network}`, apply: () => onChange(text.replace(written, network)) };
      errors.push({ message: `${written} has host bits set: the prefix is ${network}`, fix });
    } else if (!isAllowedBlock(pool, rules)) {
      errors.push({ message: `${written} is outside ${allowedRanges(rules)}` });
    } else pools.push(pool);
  }
  return { pools, errors };
}
