import type { sealedKeyMessages } from '../db/sealed-key.ts';
import type { actingUserMessages } from '../services/acting-user.ts';
import type { failureMessages } from '../services/describe-failure.ts';
import type { jellyfinWords } from '../services/jellyfin/words.ts';
import type { seerrWords } from '../services/jellyseerr/words.ts';
import type { addressMessages } from '../services/normalise-address.ts';
import type { qbittorrentWords } from '../services/qbittorrent/words.ts';
import type { radarrWords } from '../services/radarr/words.ts';
import type { sonarrWords } from '../services/sonarr/words.ts';
import type { namelessMessages } from '../services/titles.ts';
import type { permissionMessages } from '../tools/authorise.ts';
import type { callTimeMessages } from '../tools/call-time.ts';
import type { callerMessages } from '../tools/caller.ts';
import type { errorMessages } from '../tools/describe-error.ts';
import type { ledgerMessages } from '../tools/ledger.ts';
import type { outcomeMessages } from '../tools/outcome-words.ts';
import type { tools } from '../tools/registry.ts';
import type { runMessages } from '../tools/run-claimed.ts';
import type { stackMessages } from '../tools/stack.ts';

type Operations = { [Name in keyof typeof tools]: (typeof tools)[Name]['words'] };

/** Every table of messages by its subject: those of the operations, and of what else speaks to a person. */
export type Tables = Operations & {
  outcome: typeof outcomeMessages;
  acting_user: typeof actingUserMessages;
  addresses: typeof addressMessages;
  call_time: typeof callTimeMessages;
  caller: typeof callerMessages;
  errors: typeof errorMessages;
  jellyfin: typeof jellyfinWords;
  jellyseerr: typeof seerrWords;
  ledger: typeof ledgerMessages;
  nameless: typeof namelessMessages;
  permissions: typeof permissionMessages;
  qbittorrent: typeof qbittorrentWords;
  radarr: typeof radarrWords;
  run_claimed: typeof runMessages;
  sealed_key: typeof sealedKeyMessages;
  service_failures: typeof failureMessages;
  sonarr: typeof sonarrWords;
  stack: typeof stackMessages;
};
