ALTER TABLE "ToolCall" ADD COLUMN "origin" text;--> statement-breakpoint
ALTER TABLE "ToolCall" ADD COLUMN "stopAskedAt" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ToolCall" ADD COLUMN "endedBy" text;--> statement-breakpoint
ALTER TABLE "ToolCall" ADD COLUMN "confirmedBy" text;--> statement-breakpoint
-- What was said by the beginning of "dedupeKey" (the model's calls: the message's id and a colon), by words in "error" and by outputs
-- that no server had given.
UPDATE "ToolCall" SET "origin" = CASE
	WHEN "dedupeKey" ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:' THEN 'model'
	ELSE 'command'
END;--> statement-breakpoint
ALTER TABLE "ToolCall" ALTER COLUMN "origin" SET NOT NULL;--> statement-breakpoint
UPDATE "ToolCall" SET "endedBy" = CASE
	WHEN "status" = 'canceled' AND "error" = 'expired' THEN 'expiry'
	WHEN "status" = 'canceled' THEN 'cancel'
	WHEN "status" = 'succeeded' AND "output" ->> 'result' = 'found_there_after_restart' THEN 'recovery'
	WHEN "status" = 'succeeded' AND "output" ->> 'result' = 'found_there_after_stop' THEN 'stop'
	WHEN "status" IN ('failed', 'timeout') AND "error" LIKE 'The bot was stopped %' THEN 'recovery'
	WHEN "status" IN ('failed', 'timeout') AND ("error" = 'Stopped.' OR "error" LIKE 'Stopped. %') THEN 'stop'
	WHEN "effect" = 'read' THEN 'run'
	ELSE 'press'
END
WHERE "status" NOT IN ('queued', 'running');--> statement-breakpoint
UPDATE "ToolCall" SET "confirmedBy" = 'answer' WHERE "status" = 'succeeded';--> statement-breakpoint
UPDATE "ToolCall" SET "confirmedBy" = 'asked_afterwards', "output" = NULL
WHERE "status" = 'succeeded'
	AND "output" ->> 'result' IN ('found_there_after_restart', 'found_there_after_no_answer', 'found_there_after_stop');--> statement-breakpoint
UPDATE "ToolCall" SET "error" = NULL WHERE "status" = 'canceled' AND "error" = 'expired';--> statement-breakpoint
UPDATE "ToolCall" SET "error" = NULL, "stopAskedAt" = "updatedAt" WHERE "status" = 'running' AND "error" = 'stop';--> statement-breakpoint
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_origin_check" CHECK ("origin" in ('command', 'model', 'job'));--> statement-breakpoint
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_endedBy_check" CHECK ("endedBy" in ('run', 'press', 'stop', 'cancel', 'expiry', 'recovery'));--> statement-breakpoint
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_confirmedBy_check" CHECK ("confirmedBy" in ('answer', 'asked_afterwards'));
