import { isObject, type Json, objects } from '../json.ts';
import type { Form } from './form.ts';
import { validateAddress } from './validate-media.ts';

/** Checks a message's embeds: each field's length, and 6,000 characters over all of them. */
export function validateEmbeds(embeds: unknown, fileNames: readonly string[], form: Form): void {
  let total = 0;
  for (const [index, embed] of form.list(embeds, 0, 10).entries()) {
    validateEmbed(embed, fileNames, form.at(index));
    total += lengthOf(embed);
  }
  if (total > 6000) form.fault('MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
}

function validateEmbed(embed: Json, fileNames: readonly string[], form: Form): void {
  const { author, footer, image, thumbnail } = embed;
  form.at('title').optionalText(embed.title, 0, 256);
  form.at('description').optionalText(embed.description, 0, 4096);
  form.at('color').integer(embed.color, 0, 0xffffff);
  if (embed.url !== undefined && embed.url !== null) validateAddress(embed.url, [], form.at('url'));
  if (isObject(author)) form.at('author').at('name').text(author.name, 1, 256);
  if (isObject(footer)) form.at('footer').at('text').text(footer.text, 1, 2048);
  if (isObject(image)) validateAddress(image.url, fileNames, form.at('image').at('url'));
  if (isObject(thumbnail)) validateAddress(thumbnail.url, fileNames, form.at('thumbnail').at('url'));
  const fields = form.at('fields').list(embed.fields, 0, 25);
  for (const [index, field] of fields.entries()) {
    for (const [key, most] of [
      ['name', 256],
      ['value', 1024],
    ] as const) {
      const place = form.at('fields').at(index).at(key);
      const value = field[key];
      // Discord trims what it shows: blanks alone are as good as nothing.
      place.text(typeof value === 'string' && value.trim() === '' ? undefined : value, 1, most);
    }
  }
  const isEmpty =
    ![embed.title, embed.description, embed.url].some((text) => typeof text === 'string' && text.trim() !== '') &&
    ![author, footer, image, thumbnail].some(isObject) &&
    fields.length === 0;
  if (isEmpty) form.at('description').fault('BASE_TYPE_REQUIRED', 'This field is required');
}

function lengthOf(embed: Json): number {
  const texts = [
    embed.title,
    embed.description,
    isObject(embed.author) ? embed.author.name : '',
    isObject(embed.footer) ? embed.footer.text : '',
    ...objects(embed.fields).flatMap((field) => [field.name, field.value]),
  ];
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? [...text].length : 0), 0);
}
