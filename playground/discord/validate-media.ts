import { isObject } from '../json.ts';
import type { Form } from './form.ts';

const attachment = 'attachment://';

/** Checks the address of a picture or file: http, https, or a file that is sent along. */
export function validateAddress(url: unknown, fileNames: readonly string[], form: Form): void {
  if (typeof url !== 'string' || url === '') {
    form.fault('BASE_TYPE_REQUIRED', 'This field is required');
    return;
  }
  if (url.length > 2048) {
    form.fault('BASE_TYPE_MAX_LENGTH', 'Must be 2048 or fewer in length.');
    return;
  }
  if (url.startsWith(attachment)) {
    if (!fileNames.includes(url.slice(attachment.length)))
      form.fault(
        'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
        'The media item referenced an attachment that was not found.',
      );
    return;
  }
  if (!/^https?:\/\//i.test(url)) {
    form.fault(
      'URL_TYPE_INVALID_SCHEME',
      `Scheme "${url.split(':', 1)[0]}" is not supported. Scheme must be one of ('http', 'https').`,
    );
    return;
  }
  if (!URL.canParse(url)) form.fault('URL_TYPE_INVALID_URL', 'Not a well formed URL.');
}

/** Checks an unfurled media item, `{ url }`. */
export function validateMedia(media: unknown, fileNames: readonly string[], form: Form): void {
  if (!isObject(media)) {
    form.fault('BASE_TYPE_REQUIRED', 'This field is required');
    return;
  }
  validateAddress(media.url, fileNames, form.at('url'));
}
