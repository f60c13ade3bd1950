import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait for processes to start and die, the slowest first: one of them begun last would keep the others' cores idle. */
const slow = [
  'tests/kill/kill.test.ts',
  'tests/bot/follow-requests.test.ts',
  'tests/bot/process.test.ts',
  'tests/bot/killed.test.ts',
  'tests/playground/terminal.test.ts',
  'tests/db/scripts.test.ts',
  'tests/commands/waiting.test.ts',
];

/** In a fresh clone Vitest knows nothing of how long a file takes, and begins with the largest. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slow.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? slow.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
