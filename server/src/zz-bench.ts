import { openAccounts } from './sandbox/accounts.ts';
const c=process.cpuUsage();const t=performance.now(); openAccounts({accountIds:['0123456789abcdef0123456789abcdef'],rules:{interfaceAddressRules:'reference'},tunnels:10000,now:Date.now}); console.log('first open, wall ms', performance.now()-t, process.cpuUsage(c));
