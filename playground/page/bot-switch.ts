import { type BotProcess, startBotProcess } from '../bot-process.ts';
import type { BotState } from './protocol.ts';

/** The bot's process with a switch: killed, stopped as a host would, started again on the same data. */
export class BotSwitch {
  readonly #settings: Record<string, string>;
  readonly #changed: () => void;
  #bot: BotProcess | null = null;
  #state: BotState['state'] = 'stopped';
  #note = '';
  #starting: Promise<void> | null = null;

  /** `changed` is called after each change of the state. */
  constructor(settings: Record<string, string>, changed: () => void) {
    this.#settings = settings;
    this.#changed = changed;
  }

  view(): BotState {
    const lines = `${this.#bot?.output() ?? ''}${this.#note}`.trim().split('\n');
    return { state: this.#state, log: lines.slice(-40) };
  }

  /** Starts it, unless it runs. Throws what it printed when it does not come up. */
  async start(): Promise<void> {
    if (this.#state === 'stopped') this.#starting = this.#start();
    await this.#starting;
  }

  async #start(): Promise<void> {
    this.#note = '';
    this.#set('starting');
    try {
      const bot = await startBotProcess(this.#settings);
      this.#bot = bot;
      bot.process.once('exit', (code, signal) => {
        this.#note = `(the bot ended: ${signal ?? `exit code ${code}`})`;
        this.#set('stopped');
      });
      bot.process.stdout?.on('data', this.#changed);
      bot.process.stderr?.on('data', this.#changed);
      this.#set('ready');
    } catch (error) {
      this.#note = error instanceof Error ? error.message : String(error);
      this.#set('stopped');
      throw error;
    }
  }

  /** Ends it: SIGKILL as a crash, SIGTERM as a host stops it. */
  async end(signal: NodeJS.Signals): Promise<void> {
    // While it starts there is no process to end yet; one that does not come up has ended by itself.
    await this.#starting?.catch(() => undefined);
    await this.#bot?.stop(signal);
  }

  #set(state: BotState['state']): void {
    this.#state = state;
    this.#changed();
  }
}
