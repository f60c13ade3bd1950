import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { embeddedOptions } from './embedded-options.ts';
import { migrationsFolder } from './migrations.ts';

// An entry point of its own, run by connect-embedded.ts: makes a migrated database in the folder it is given, and ends.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('make-embedded.ts takes the folder of the new database');
const database = await PGlite.create({ dataDir: folder, ...embeddedOptions });
await migrate(drizzle(database), { migrationsFolder });
await database.close();
