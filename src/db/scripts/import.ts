import { type FileHandle, open } from 'node:fs/promises';
import { HostError } from '../../errors.ts';
import { importDatabase } from '../transfer.ts';
import { printSums, runScript } from './run-script.ts';

// `npm run db:import -- <file>`: what db:export wrote, into an empty database of either engine; all of it, or nothing.
await runScript(async ({ connection }) => {
  const [name] = process.argv.slice(2);
  if (name === undefined) throw new HostError('Name the file: npm run db:import -- assistarr.export');
  const file = await open(name).catch((cause: unknown) => {
    throw new HostError(`The file ${name} could not be read.`, { cause });
  });
  try {
    await connection.migrate();
    printSums(await importDatabase(connection.db, linesOf(file)));
    console.log('Imported, and every table compared. Start the bot with the encryption key that it had before.');
  } finally {
    await file.close();
  }
});

/** Opened when the first line is asked for: a reader that is not read yet would lose its lines. */
async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  yield* file.readLines();
}
