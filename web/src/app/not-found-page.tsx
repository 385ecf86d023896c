import { Link } from 'wouter';
import { usePageTitle } from '../lib/page-title.ts';
import { Notice } from './notice.tsx';
import { HOME_PATH } from './paths.ts';

export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <Notice title="Page not found">
      <p>Nothing is at this address, or it belongs to an account that this desk does not serve to you.</p>
      <Link href={HOME_PATH} className="py-1 underline">
        Go to the tunnels
      </Link>
    </Notice>
  );
}
