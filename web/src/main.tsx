import './lib/zod-without-eval.ts';
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { restoreFragment } from './app/sign-in.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
restoreFragment();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
