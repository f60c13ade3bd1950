import { isObject, type Json } from '../../json.ts';
import { notYourApplication, unknownCommand } from '../errors.ts';
import { userPayload } from '../payloads.ts';
import { type DiscordState, snowflake } from '../state.ts';
import { validateCommand, validateCommands } from '../validate-commands.ts';
import type { Place, Route } from './route.ts';

const commandsPath = '/applications/:application/commands';
const commandPath = `${commandsPath}/:command`;

export const applicationRoutes: Route[] = [
  { method: 'GET', path: '/applications/@me', run: ({ state }) => application(state) },
  { method: 'GET', path: '/oauth2/applications/@me', run: ({ state }) => application(state) },
  {
    method: 'GET',
    path: commandsPath,
    run: (place, { query }, params) => {
      const { commands } = own(place, params);
      return query.get('with_localizations') === 'true' ? commands : withoutLocalizations(commands);
    },
  },
  {
    method: 'PUT',
    path: commandsPath,
    run: (place, { payload }, params) => {
      const state = own(place, params);
      state.commands = validateCommands(payload).map((command) => stored(state, command));
      state.changed();
      return state.commands;
    },
  },
  {
    method: 'POST',
    path: commandsPath,
    run: (place, { body }, params) => {
      const state = own(place, params);
      validateCommand(body);
      const command = stored(state, body);
      state.commands = [...state.commands.filter((there) => there.name !== body.name), command];
      state.changed();
      return command;
    },
  },
  { method: 'GET', path: commandPath, run: (place, _request, params) => find(own(place, params), params) },
  {
    method: 'DELETE',
    path: commandPath,
    run: (place, _request, params) => {
      const state = own(place, params);
      const command = find(state, params);
      state.commands = state.commands.filter((there) => there !== command);
      state.changed();
      return null;
    },
  },
];

function own({ state }: Place, params: Record<string, string>): DiscordState {
  if (params.application !== state.applicationId) throw notYourApplication();
  return state;
}

function find(state: DiscordState, params: Record<string, string>): Json {
  const command = state.commands.find((there) => there.id === params.command);
  if (command === undefined) throw unknownCommand();
  return command;
}

/** A command as Discord gives it back: a known name keeps its id, defaults are filled in above and left out below. */
function stored(state: DiscordState, command: Json): Json {
  const there = state.commands.find((candidate) => candidate.name === command.name);
  return {
    type: 1,
    default_member_permissions: null,
    nsfw: false,
    contexts: null,
    integration_types: [0],
    ...command,
    ...(Array.isArray(command.options) ? { options: command.options.map(withoutDefaults) } : {}),
    id: there?.id ?? snowflake(),
    application_id: state.applicationId,
    version: snowflake(),
  };
}

/** Who does not ask for them gets none, as the official document says of `with_localizations`. */
function withoutLocalizations(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutLocalizations);
  if (!isObject(node)) return node;
  const left = Object.entries(node).filter(([key]) => !key.endsWith('_localizations'));
  return Object.fromEntries(left.map(([key, value]) => [key, withoutLocalizations(value)]));
}

function withoutDefaults(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutDefaults);
  if (!isObject(node)) return node;
  const isDefault = (value: unknown) =>
    value === false || value === null || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([, value]) => !isDefault(value))
      .map(([key, value]) => [key, withoutDefaults(value)]),
  );
}

/** The application: its owner, or its team, whom Discord shows through a user made for that. */
function application(state: DiscordState): Json {
  const owner = state.accounts.get(state.ownerId ?? '') ?? state.bot;
  const teamUser = {
    id: state.teamId,
    username: `team${state.teamId}`,
    global_name: null,
    discriminator: '0',
    avatar: null,
    public_flags: 1024,
    flags: 1024,
    primary_guild: null,
  };
  const members = state.teamMembers.flatMap((id) => state.accounts.get(id) ?? []);
  const team = {
    id: state.teamId,
    icon: null,
    name: 'Team',
    owner_user_id: state.teamMembers[0],
    members: members.map((member) => ({
      membership_state: 2,
      permissions: ['*'],
      role: 'admin',
      team_id: state.teamId,
      user: userPayload(member),
    })),
  };
  return {
    id: state.applicationId,
    name: 'Assistarr',
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '',
    flags: state.applicationFlags,
    flags_new: String(state.applicationFlags),
    type: null,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
    owner: members.length > 0 ? teamUser : userPayload(owner),
    team: members.length > 0 ? team : null,
    bot: userPayload(state.bot),
    integration_types_config: { 0: {}, 1: {} },
  };
}
