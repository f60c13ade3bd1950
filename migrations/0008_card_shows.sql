ALTER TABLE "Card" ADD COLUMN "shows" text DEFAULT 'call' NOT NULL;--> statement-breakpoint
-- A message that is followed has shown the end before; until now, one that needed no more edits was forgotten.
UPDATE "Card" SET "shows" = 'end' WHERE "nextPollAt" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "Card" ADD CONSTRAINT "Card_shows_check" CHECK ("shows" in ('call', 'end'));
