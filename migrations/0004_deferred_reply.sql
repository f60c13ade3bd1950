ALTER TABLE "User" ADD COLUMN "interactionToken" text;--> statement-breakpoint
ALTER TABLE "User" ADD COLUMN "tokenExpiresAt" timestamp with time zone;