import { clearLine, createInterface, cursorTo } from 'node:readline';
import type { Person } from '../discord/person.ts';
import type { PlaygroundDiscord } from '../discord/start-discord.ts';
import type { PlaygroundServers } from '../servers/start-servers.ts';
import { Session } from './session.ts';

/** Takes lines from standard input until it ends (Ctrl+D). From a pipe, each line is echoed behind its prompt. */
export async function runTerminal(stage: {
  discord: PlaygroundDiscord;
  servers: PlaygroundServers;
  people: readonly Person[];
}): Promise<void> {
  const { stdin, stdout } = process;
  const isTerminal = stdin.isTTY === true;
  const lines = createInterface(isTerminal ? { input: stdin, output: stdout } : { input: stdin });
  let isTyping = false;
  const print = (text: string) => {
    if (isTerminal && isTyping) {
      cursorTo(stdout, 0);
      clearLine(stdout, 0);
    }
    stdout.write(`${text}\n`);
    // What has been typed so far stands again below.
    if (isTerminal && isTyping) lines.prompt(true);
  };
  const session = new Session({ ...stage, print });
  const ask = () => {
    lines.setPrompt(session.prompt);
    isTyping = true;
    if (isTerminal) lines.prompt();
  };
  lines.on('SIGINT', () => lines.close());
  print(session.help);
  ask();
  for await (const line of lines) {
    isTyping = false;
    if (!isTerminal) print(`${session.prompt}${line}`);
    await session.take(line);
    if (session.hasLeft) break;
    ask();
  }
  isTyping = false;
  session.stop();
}
