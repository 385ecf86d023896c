import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';
import { kumoClasses } from './kumo-classes.ts';

/** Where the server of `npm run dev` listens. */
const SERVER = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [
    react(),
    kumoClasses(),
    tailwindcss(),
    // The server sends these as they are: it never compresses anything itself.
    compression({ algorithms: ['brotliCompress', 'gzip'], threshold: 1024 }),
  ],
  // One file for the whole form, on purpose: it is needed at once.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 800 },
  server: { host: '127.0.0.1', proxy: { '/api': SERVER, '/auth': SERVER, '/healthz': SERVER } },
});
