import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { HostError } from '../../errors.ts';
import { exportDatabase } from '../transfer.ts';
import { printSums, runScript } from './run-script.ts';

// `npm run db:export -- <file>`: everything in one file that only its owner can read, for db:import on either engine.
await runScript(
  async ({ connection }) => {
    const [file] = process.argv.slice(2);
    if (file === undefined) throw new HostError('Name the file: npm run db:export -- assistarr.export');
    const out = createWriteStream(file, { mode: 0o600, flags: 'wx' });
    try {
      await once(out, 'open');
    } catch (cause) {
      throw new HostError(`The file ${file} could not be made. Name one that does not exist yet.`, { cause });
    }
    const sums = await exportDatabase(connection.db, async (line) => {
      if (!out.write(line)) await once(out, 'drain');
    });
    out.end();
    await once(out, 'finish');
    printSums(sums);
    console.log(`Exported to ${file}. The servers’ keys in it stay encrypted: keep the encryption key with it.`);
  },
  { mustExist: true },
);
