import { lockFolder } from '../../src/db/lock-folder.ts';

// Run as a process by lock-folder.test.ts: tries to lock the folder, says how it went, and holds it until its input ends.
const [folder = ''] = process.argv.slice(2);
try {
  await lockFolder(folder);
  console.log('locked');
  process.stdin.resume();
} catch (error) {
  console.log(error instanceof Error ? error.message : 'failed');
}
