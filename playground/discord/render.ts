import { isObject, type Json, objects } from '../json.ts';
import type { DiscordState, Message } from './state.ts';
import { flagThinking } from './validate-message.ts';

/** A message as plain text, as its reader would see it: for the demo and for tests that read words. */
export function renderMessage(state: DiscordState, message: Message): string {
  const author = state.accounts.get(message.authorId)?.global_name ?? 'Somebody';
  const replied = state.messages.get(message.replyTo ?? '');
  const lines = [
    ...(replied === undefined ? [] : [`↱ ${state.accounts.get(replied.authorId)?.global_name}: ${preview(replied)}`]),
    ...(message.flags & flagThinking ? [`${state.bot.global_name} is thinking…`] : []),
    ...(message.content === '' ? [] : message.content.split('\n')),
    ...message.embeds.flatMap(renderEmbed),
    ...message.components.flatMap(renderComponent),
    ...message.attachments.map((attachment) => `[file ${attachment.filename}]`),
    ...(message.ephemeralFor === null ? [] : ['(Only you can see this)']),
    ...(message.editCount > 0 ? ['(edited)'] : []),
  ];
  const text = lines
    .join('\n')
    .replace(/<@!?(\d+)>/g, (_match, id: string) => `@${state.accounts.get(id)?.global_name ?? id}`);
  return `${author}:\n${text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}`;
}

function preview({ content }: Message): string {
  return content.length > 40 ? `${content.slice(0, 40)}…` : content;
}

function renderEmbed(embed: Json): string[] {
  const author = isObject(embed.author) ? embed.author.name : undefined;
  const footer = isObject(embed.footer) ? embed.footer.text : undefined;
  const fields = objects(embed.fields).map((field) => `${field.name}: ${field.value}`);
  const pictures = [embed.image, embed.thumbnail].filter(isObject).map(() => '[picture]');
  return [author, embed.title, embed.description, ...fields, ...pictures, footer]
    .filter((part) => typeof part === 'string')
    .flatMap((part) => part.split('\n'))
    .map((line) => `│ ${line}`);
}

function renderComponent(component: Json): string[] {
  const children = objects(component.components);
  switch (component.type) {
    case 1:
      return [children.flatMap(renderComponent).join('  ')];
    case 2:
      return [renderButton(component)];
    case 3:
      return [renderSelect(component)];
    case 9: {
      const accessory = isObject(component.accessory) ? component.accessory : {};
      return [...children.flatMap(renderComponent), ...renderComponent(accessory)];
    }
    case 10:
      return String(component.content).split('\n');
    case 11:
      return ['[poster]'];
    case 12:
      return [`[${objects(component.items).length} picture(s)]`];
    case 13:
      return ['[file]'];
    case 14:
      return ['───'];
    case 17:
      return children.flatMap(renderComponent).map((line) => `│ ${line}`);
    default:
      return [];
  }
}

function renderButton(component: Json): string {
  const emoji = isObject(component.emoji) && typeof component.emoji.name === 'string' ? `${component.emoji.name} ` : '';
  const label = `${emoji}${typeof component.label === 'string' ? component.label : ''}`.trim();
  const mark = component.disabled === true ? ' ✗' : component.style === 5 ? ' ↗' : '';
  return `[ ${label}${mark} ]`;
}

function renderSelect(component: Json): string {
  const chosen = objects(component.options)
    .filter((option) => option.default === true)
    .map((option) => option.label);
  const text = chosen.length > 0 ? chosen.join(', ') : (component.placeholder ?? 'Make a selection');
  return component.disabled === true ? `[ ${text} ✗ ]` : `[ ${text} ▾ ]`;
}
