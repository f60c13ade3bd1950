import { invalidRecipient, unknownUser } from '../errors.ts';
import { channelPayload, userPayload } from '../payloads.ts';
import type { Route } from './route.ts';

export const userRoutes: Route[] = [
  { method: 'GET', path: '/users/@me', run: ({ state }) => userPayload(state.bot) },
  {
    method: 'POST',
    path: '/users/@me/channels',
    run: ({ state }, { body }) => {
      const recipient = state.accounts.get(String(body.recipient_id));
      if (recipient === undefined || recipient.bot) throw invalidRecipient();
      return channelPayload(state, state.dmChannel(recipient.id));
    },
  },
  {
    method: 'GET',
    path: '/users/:id',
    run: ({ state }, _request, { id = '' }) => {
      const account = state.accounts.get(id);
      if (account === undefined) throw unknownUser();
      return userPayload(account);
    },
  },
];
