ALTER TABLE "Document" ALTER COLUMN "createdAt" SET DATA TYPE timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "Document" ALTER COLUMN "createdAt" SET DEFAULT now();--> statement-breakpoint
ALTER TABLE "Suggestion" ALTER COLUMN "documentCreatedAt" SET DATA TYPE timestamp (3) with time zone;