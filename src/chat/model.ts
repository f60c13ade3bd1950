import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModel } from 'ai';

/** A person's words never train or stay with a provider by our doing. */
export const providerOptions = { openai: { store: false } };

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
  // Without any key the SDK refuses to call, though Ollama and the like want none.
  const provider = createOpenAI({ apiKey: apiKey ?? 'none', ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) });
  return options.api === 'chat' ? provider.chat(options.model) : provider.responses(options.model);
}
