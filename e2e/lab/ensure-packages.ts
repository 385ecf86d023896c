// Installs what the lab needs where this may. Says in one line where the lab cannot run, which is a failure in continuous
// integration: a proof that is skipped there is none.

import { installFromDebian, isRootOnDebian, missingPackages } from '../support/debian.ts';
import { LAB_PACKAGES, missingRequirement } from './requirements.ts';

const missing = isRootOnDebian() ? missingPackages(LAB_PACKAGES) : [];
if (missing.length > 0) {
  console.log('Getting strongSwan and FRR for the lab of real routers');
  installFromDebian(missing);
}
const reason = missingRequirement();
if (reason !== undefined) {
  console.log(`The lab of real routers is skipped: ${reason}.`);
  if (process.env['CI'] !== undefined) process.exitCode = 1;
}
