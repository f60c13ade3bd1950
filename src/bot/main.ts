import { giveBackMemory, giveBackMemoryWhenIdle } from '../collect-garbage.ts';
import { HostError } from '../errors.ts';
import { readSettings, type Settings } from '../settings.ts';
import { createLog, SecretValues } from './log.ts';
import { missingTokenText, startBot } from './start-bot.ts';

const secrets = new SecretValues();

function settingsOrLeave(): Settings {
  try {
    return readSettings();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const settings = settingsOrLeave();
if (settings.discordToken === undefined) {
  console.error(missingTokenText);
  process.exit(1);
}
const log = createLog({ level: settings.logLevel, secrets });

process.on('unhandledRejection', (error) => log.error({ err: error }, 'a rejection was not handled'));
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'an exception was not caught: stopping');
  process.exit(1);
});

try {
  const bot = await startBot(settings, { log, secrets });
  const leave = (signal: string) => {
    log.info({ signal }, 'stopping: waiting for running work to finish');
    bot.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', () => leave('SIGINT'));
  process.once('SIGTERM', () => leave('SIGTERM'));
  giveBackMemory();
  giveBackMemoryWhenIdle();
  console.log(`Assistarr is ready. Add it to a server or to your account: ${bot.inviteUrl}`);
} catch (error) {
  if (error instanceof HostError) console.error(error.message);
  else log.fatal({ err: error }, 'the bot could not start');
  process.exit(1);
}
