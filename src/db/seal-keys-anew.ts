import { eq, sql } from 'drizzle-orm';
import type { Database } from './connection.ts';
import { formats, type Keyring } from './encryption.ts';
import { failingAs } from './failing-as.ts';
import { originOf } from './origin.ts';
import { keyFormat, type ServiceConfig, serviceConfig } from './schema.ts';
import { SealedKey } from './sealed-key.ts';

const presentVersion = 2;

/** How many stored keys were sealed anew, and how many of the former format were left as they are because nothing opens them. */
export type SealedAnew = { sealed: number; unreadable: number };

/**
 * Seals every key of the former format anew, for the address that is stored with it, in one transaction and once in the life of a
 * database: afterwards, and where any key of the present format is, the former format is refused. Where no key opens at all the next
 * start tries again, because most likely the encryption key is a wrong one. Safe from several processes at once. Null when it was
 * done before. Throws ChatSDKError when the database fails.
 */
export async function sealKeysAnew(db: Database, keyring: Keyring): Promise<SealedAnew | null> {
  return failingAs('Failed to seal service keys anew', () =>
    db.transaction(async (transaction) => {
      // A second process waits in this statement until the first has ended.
      const mark = { version: presentVersion };
      const [marked] = await transaction.insert(keyFormat).values(mark).onConflictDoNothing().returning();
      if (marked === undefined) return null;
      const rows = await transaction.select().from(serviceConfig).for('update');
      const former = rows.filter(({ apiKey }) => !isPresentFormat(apiKey));
      // Keys of the present format without the mark: it was done before, and somebody removed the mark.
      const fresh = former.length < rows.length ? [] : former.flatMap((row) => sealedAnew(keyring, row));
      if (fresh.length > 0) await write(transaction, fresh);
      else if (rows.length > 0 && former.length === rows.length)
        await transaction.delete(keyFormat).where(eq(keyFormat.version, presentVersion));
      return { sealed: fresh.length, unreadable: former.length - fresh.length };
    }),
  );
}

type Fresh = Pick<ServiceConfig, 'id' | 'apiKey'>;

function isPresentFormat(ciphertext: string): boolean {
  return ciphertext.startsWith(`${formats.present}.`);
}

/** None when no present encryption key opens the text, or the row has no address to bind it to. */
function sealedAnew(keyring: Keyring, row: ServiceConfig): Fresh[] {
  const secret = keyring.decryptFormer({ ciphertext: row.apiKey, userId: row.userId, serviceName: row.serviceName });
  if (secret === null || originOf(row.baseUrl) === null) return [];
  return [{ id: row.id, apiKey: SealedKey.seal(keyring, secret, row).ciphertext }];
}

/** All in one statement, as a household's two rows or a public bot's thousands. */
async function write(db: Database, fresh: readonly Fresh[]): Promise<void> {
  const { id, apiKey } = serviceConfig;
  await db.execute(
    sql`update ${serviceConfig} set ${sql.identifier(apiKey.name)} = fresh."apiKey"
      from jsonb_to_recordset((${JSON.stringify(fresh)}::text)::jsonb) as fresh("id" uuid, "apiKey" text)
      where ${id} = fresh."id"`,
  );
}
