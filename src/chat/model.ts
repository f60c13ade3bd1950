import { createOpenAI } from '@ai-sdk/openai';
import { defaultSettingsMiddleware, wrapLanguageModel } from 'ai';
import { boundedFetch } from './bounded-fetch.ts';
import type { Model } from './bounded-model.ts';

/** Asks the provider not to store a person's words. */
const storeNothing = defaultSettingsMiddleware({ settings: { providerOptions: { openai: { store: false } } } });

/**
 * The language model of the settings: OpenAI's, or any compatible server behind `baseUrl`, which may need no key.
 * Null when neither is given.
 */
export function createModel(options: {
  apiKey: string | undefined;
  baseUrl: string | undefined;
  model: string;
  api: 'responses' | 'chat';
}): Model | null {
  const { apiKey, baseUrl } = options;
  if (apiKey === undefined && baseUrl === undefined) return null;
  // The SDK's own warnings go to standard error and quote what the model said.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  // Without a key the SDK refuses to call, although Ollama and the like need none.
  const address = baseUrl === undefined ? {} : { baseURL: baseUrl };
  const provider = createOpenAI({ apiKey: apiKey ?? 'none', fetch: boundedFetch, ...address });
  // Chat completions are not kept unless one asks for it, and some compatible servers refuse the setting.
  if (options.api === 'chat') return provider.chat(options.model);
  return wrapLanguageModel({ model: provider.responses(options.model), middleware: storeNothing });
}
