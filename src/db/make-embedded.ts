import { PGlite } from '@electric-sql/pglite';
import { newEmbeddedOptions } from './embedded-options.ts';

// An entry point of its own, run by connect-embedded.ts: makes an empty database in the folder it is given, and ends.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('make-embedded.ts takes the folder of the new database');
const database = await PGlite.create({ dataDir: folder, ...newEmbeddedOptions });
await database.close();
