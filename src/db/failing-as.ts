import { ChatSDKError } from '../errors.ts';

/** Runs a query; a failure becomes `bad_request:database` with a fixed message and the driver's error as its cause. */
export async function failingAs<Result>(message: string, query: () => Promise<Result>): Promise<Result> {
  try {
    return await query();
  } catch (cause) {
    if (cause instanceof ChatSDKError) throw cause;
    throw new ChatSDKError('bad_request:database', message, { cause });
  }
}
