import { createInterface } from 'node:readline';
import { openDatabase } from '../../src/db/connection.ts';
import { claimToolCall } from '../../src/db/queries/tool-calls.ts';

// Run as a process by processes.test.ts: opens and so migrates the database, then claims the calls that it is told of.
const [postgresUrl, claimedBy = ''] = process.argv.slice(2);
const database = await openDatabase({ postgresUrl, dataDir: '' });
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { userId, ids }: { userId: string; ids: string[] } = JSON.parse(line);
  const claims = ids.map((id) => claimToolCall(database.db, { id, userId, claimedBy, leaseMs: 60_000 }));
  const calls = await Promise.all(claims);
  console.log(JSON.stringify(calls.flatMap((call) => (call === null ? [] : [call.id]))));
}
await database.close();
