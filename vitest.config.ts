import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { quickFolder } from './tests/quick-folder.ts';
import { quickImports } from './tests/quick-imports.ts';
import { SlowFirst } from './tests/slow-first.ts';

// Read by every process of the tests, and by those that they start.
process.env.TMPDIR = quickFolder();

/** Tests of several processes, or of a database that goes away. */
const needServer = [
  'tests/bot/two-processes.test.ts',
  'tests/bot/database-away.test.ts',
  'tests/bot/paused.test.ts',
  'tests/bot/presence.test.ts',
  'tests/db/connect-postgres.test.ts',
  'tests/db/torture.test.ts',
  'tests/db/postgres-servers.test.ts',
];

/** Tests of the playground's page, in a real browser. */
const needBrowser = ['tests/playground/page/*.test.ts'];

/**
 * Many files that import nearly all of the bot and change nothing of their process: they share processes, and with them what is imported.
 * Left out are `tests/languages`, whose made-up language would be that of all.
 */
const inProcess = ['bot', 'chat', 'commands', 'db', 'faults', 'hosting', 'services', 'tools']
  .map((folder) => `tests/${folder}/**/*.test.ts`)
  .concat('tests/playground/*.test.ts');

// Two processes can't share an embedded database, and not every machine has a browser; the global set-up prints what is left out.
const leftOut = [
  ...(process.env.TEST_POSTGRES_URL === undefined ? needServer : []),
  ...(process.env.TEST_CHROMIUM === undefined ? needBrowser : []),
];

const shared = {
  setupFiles: ['tests/api-documents/check-exchanges.ts'],
  pool: 'forks' as const,
  // A new process would spend half of its start on imports.
  execArgv: quickImports,
  // Much of a test is waiting: one worker more than there are cores.
  maxWorkers: Math.min(4, availableParallelism() + 1),
  testTimeout: 90_000,
  hookTimeout: 60_000,
  // A busy machine takes its time; the default is one second.
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    globalSetup: ['tests/global-setup.ts'],
    maxWorkers: shared.maxWorkers,
    sequence: { sequencer: SlowFirst },
    projects: [
      { test: { ...shared, name: 'in process', include: inProcess, exclude: leftOut, isolate: false } },
      {
        test: {
          ...shared,
          name: 'by itself',
          include: ['tests/**/*.test.ts'],
          exclude: [...leftOut, ...inProcess],
        },
      },
    ],
  },
});
