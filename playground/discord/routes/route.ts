import type { ApiRequest } from '../api-request.ts';
import type { Gateway } from '../gateway.ts';
import type { DiscordState } from '../state.ts';

export type Place = { state: DiscordState; gateway: Gateway };

/** Answers a call with the JSON body, or null for 204. `params` are what stands in the path's `:` places. */
type Handler = (place: Place, request: ApiRequest, params: Record<string, string>) => unknown;

export type Route = { method: string; path: string; run: Handler };
