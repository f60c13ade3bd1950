import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests of several processes, or of a database that goes away. */
const needServer = [
  'tests/bot/two-processes.test.ts',
  'tests/bot/database-away.test.ts',
  'tests/db/connect-postgres.test.ts',
];

/** Tests of the playground's page, in a real browser. */
const needBrowser = ['tests/playground/page/*.test.ts'];

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Two processes can't share an embedded database, and not every machine has a browser; the global set-up prints what is left out.
    exclude: [
      ...(process.env.TEST_POSTGRES_URL === undefined ? needServer : []),
      ...(process.env.TEST_CHROMIUM === undefined ? needBrowser : []),
    ],
    globalSetup: ['tests/global-setup.ts'],
    setupFiles: ['tests/api-documents/check-exchanges.ts'],
    pool: 'forks',
    // Much of a test is waiting: one worker more than there are cores.
    maxWorkers: Math.min(4, availableParallelism() + 1),
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
