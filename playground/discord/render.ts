import type { DiscordState, Json, Message } from './state.ts';
import { isObject, objects } from './validate-components.ts';

/** A message as plain text, as its reader would see it: for the demo and for tests that read words. */
export function renderMessage(state: DiscordState, message: Message): string {
  const author = state.accounts.get(message.authorId)?.global_name ?? 'Somebody';
  const lines = [
    ...(message.flags & 128 ? [`${state.bot.global_name} is thinking…`] : []),
    ...(message.content === '' ? [] : message.content.split('\n')),
    ...message.embeds.flatMap(renderEmbed),
    ...message.components.flatMap((component) => renderComponent(component)),
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

function renderEmbed(embed: Json): string[] {
  const text = [embed.title, embed.description].filter((part) => typeof part === 'string');
  return text.flatMap((part) => part.split('\n')).map((line) => `│ ${line}`);
}

function renderComponent(component: Json): string[] {
  const children = objects(component.components);
  switch (component.type) {
    case 1:
      return [children.flatMap(renderComponent).join('  ')];
    case 2:
      return [component.disabled === true ? `[ ${labelOf(component)} ✗ ]` : `[ ${labelOf(component)} ]`];
    case 3:
      return [renderSelect(component)];
    case 9: {
      const accessory = isObject(component.accessory) ? component.accessory : {};
      return [
        ...children.flatMap(renderComponent),
        ...(accessory.type === 11 ? ['[poster]'] : renderComponent(accessory)),
      ];
    }
    case 10:
      return String(component.content).split('\n');
    case 12:
      return [`[${objects(component.items).length} picture(s)]`];
    case 14:
      return ['───'];
    case 17:
      return children.flatMap(renderComponent).map((line) => `│ ${line}`);
    default:
      return [];
  }
}

function labelOf(component: Json): string {
  const emoji = isObject(component.emoji) && typeof component.emoji.name === 'string' ? `${component.emoji.name} ` : '';
  return `${emoji}${typeof component.label === 'string' ? component.label : ''}`.trim();
}

function renderSelect(component: Json): string {
  const chosen = objects(component.options)
    .filter((option) => option.default === true)
    .map((option) => option.label);
  const text = chosen.length > 0 ? chosen.join(', ') : (component.placeholder ?? 'Make a selection');
  return `[ ${text} ▾ ]`;
}
