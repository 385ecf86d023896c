import { useQuery } from '@tanstack/react-query';
import { SESSION_PATH } from '@tunnel-desk/shared/api/paths';
import { type Session, sessionSchema } from '@tunnel-desk/shared/api/session';
import { callApi } from '../lib/api-client.ts';

/** What the server says of itself; asked once, because only a restart changes it. */
export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: fetchSession, staleTime: Number.POSITIVE_INFINITY });
}

async function fetchSession(): Promise<Session> {
  const answer = await callApi(SESSION_PATH);
  if (answer.kind !== 'answered' || !answer.envelope.success) throw new Error('no session');
  return sessionSchema.parse(answer.envelope.result);
}
