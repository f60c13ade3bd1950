import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Runs `act` and counts the sockets that were made meanwhile. */
export async function socketsMade(act: () => Promise<unknown>): Promise<number> {
  let made = 0;
  const count = () => {
    made++;
  };
  subscribe('net.client.socket', count);
  await act().finally(() => unsubscribe('net.client.socket', count));
  return made;
}
