import { openLine } from '../../src/db/postgres-line.ts';
import { type Figure, median } from '../figure.ts';
import { type BenchOptions, setStage } from '../stage.ts';
import { TurnLoad } from '../turn-load.ts';

/** A turn with 1,000,000 stored messages, half of them in the very conversation, against one with 1,000. */
export async function measureStoredMessages(options: BenchOptions): Promise<Figure[]> {
  if (options.postgres === null) {
    console.log('A turn with 1,000,000 messages is left out: it is measured on PostgreSQL.');
    return [];
  }
  const stage = await setStage(options, { engine: 'postgres' });
  const database = await openLine(stage.postgresUrl ?? '', { connectMs: 20_000 });
  try {
    const load = new TurnLoad(stage);
    const talkers = await load.talkers(1, { services: false });
    await stage.start('bot');
    const turns = async (count: number) => {
      const times: number[] = [];
      for (let turn = 0; turn < count; turn++)
        for (const talker of talkers) times.push((await load.one(talker)).wholeMs);
      return median(times);
    };
    const count = options.quick ? 10 : 300;
    await turns(1);
    const fill = async (messages: number) => {
      await database.query(
        `insert into "Message_v2" ("chatId", "role", "parts")
        select "Chat".id, case when n % 2 = 1 then 'user' else 'assistant' end,
          jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'message ' || n || repeat(' and more', 10)))
        from "Chat", generate_series(1, $1::int) n`,
        [messages],
      );
      await database.query(`insert into "User" ("discordId") select (300000000000000000 + n)::text from generate_series(1, 500) n
        on conflict do nothing`);
      await database.query(`insert into "Chat" ("userId", "channelId") select id, 'other' from "User" where "discordId" like '3000000%'
        and not exists (select 1 from "Chat" where "userId" = "User".id)`);
      await database.query('vacuum analyze');
    };
    await fill(1000);
    await turns(Math.max(1, count / 3));
    const few = await turns(count);
    // There are 501 conversations by now: as many again in the one, the rest in the others.
    await fill(options.quick ? 20 : 1000);
    const [oldest] = await database.query('select "chatId" from "Message_v2" order by position limit 1');
    await database.query(
      `insert into "Message_v2" ("chatId", "role", "parts")
      select $1, case when n % 2 = 1 then 'user' else 'assistant' end,
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'message ' || n || repeat(' and more', 10)))
      from generate_series(1, $2::int) n`,
      [oldest?.chatId, options.quick ? 1000 : 500_000],
    );
    await database.query('vacuum analyze');
    const [counted] = await database.query('select count(*)::int as messages from "Message_v2"');
    await turns(Math.max(1, count / 3));
    const many = await turns(count);
    load.stop();
    return [
      {
        what: 'a turn with 1,000,000 stored messages against 1,000',
        value: many / few,
        unit: '×',
        target: { most: 1.2 },
        of: { 'ms with 1,000': few, 'ms with many': many, stored: Number(counted?.messages) },
      },
    ];
  } finally {
    await database.end();
    await stage.stop();
  }
}
