import { createOpenAI } from '@ai-sdk/openai';
import { defaultSettingsMiddleware, type LanguageModel, wrapLanguageModel } from 'ai';

/** A person's words do not stay with the provider by our doing. */
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
}): LanguageModel | null {
  const { apiKey, baseUrl } = options;
  if (apiKey === undefined && baseUrl === undefined) return null;
  // The SDK's own warnings go to standard error and quote what the model said.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  // Without any key the SDK refuses to call, though Ollama and the like want none.
  const provider = createOpenAI({ apiKey: apiKey ?? 'none', ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) });
  // Chat completions are not kept unless one asks for it, and some compatible servers refuse the setting.
  if (options.api === 'chat') return provider.chat(options.model);
  return wrapLanguageModel({ model: provider.responses(options.model), middleware: storeNothing });
}
