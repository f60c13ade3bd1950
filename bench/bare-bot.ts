import { Client, ComponentType, Events, GatewayIntentBits, MessageFlags, REST } from 'discord.js';

// What discord.js alone costs, and the measure of ours: every command is deferred and the answer edited in. Run by bench/main.ts.
const { DISCORD_TOKEN: token, DISCORD_API_URL: api } = process.env;
if (token === undefined || api === undefined) throw new Error('bare-bot.ts is run by bench/main.ts');

const content = ['Radarr', 'Sonarr', 'Jellyfin', 'Seerr', 'qBittorrent']
  .map((name) => `🟢 **${name}** · http://127.0.0.1:12345 · key set · last check worked <t:1700000000:R>`)
  .join('\n');
const client = new Client({ intents: [GatewayIntentBits.Guilds] });
client.rest.clearHashSweeper();
client.rest.clearHandlerSweeper();
// discord.js counts answers to interactions in Discord's 50 calls a second, which Discord does not.
client.rest = new REST({ api, version: '10', globalRequestsPerSecond: Number.POSITIVE_INFINITY }).setToken(token);
client.on(Events.InteractionCreate, async (interaction) => {
  if (!interaction.isChatInputCommand()) return;
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await interaction.editReply({
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.Container, components: [{ type: ComponentType.TextDisplay, content }] }],
  });
});
client.once(Events.ClientReady, () => console.log('The bare bot is ready'));
await client.login(token);
