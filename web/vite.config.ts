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
  build: {
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      // One file for the whole first view, on purpose: it is needed at once, and compresses better than the parts that
      // later pages share with it.
      output: { codeSplitting: { groups: [{ name: 'first-view', tags: ['$initial'] }] } },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': SERVER, '/auth': SERVER, '/healthz': SERVER } },
});
