// The page's Content-Security-Policy forbids eval, which zod would otherwise try as soon as a schema is made.
// Imported before anything that makes one.

import { config } from 'zod';

config({ jitless: true });
