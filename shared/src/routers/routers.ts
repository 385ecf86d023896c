import { aws } from './aws.ts';
import { azure } from './azure.ts';
import type { RouterDefinition } from './configuration.ts';
import { fortigate } from './fortigate.ts';
import { iosXe } from './ios-xe.ts';
import type { RouterKind } from './kinds.ts';
import { linux } from './linux.ts';
import { paloAlto } from './palo-alto.ts';
import { pfsense } from './pfsense.ts';
import { srx } from './srx.ts';
import { unifi } from './unifi.ts';
import { vyos } from './vyos.ts';

/** Every kind of router the desk writes a configuration for. */
export const ROUTERS: Readonly<Record<RouterKind, RouterDefinition>> = {
  linux,
  vyos,
  'ios-xe': iosXe,
  fortigate,
  pfsense,
  srx,
  'palo-alto': paloAlto,
  unifi,
  aws,
  azure,
};
