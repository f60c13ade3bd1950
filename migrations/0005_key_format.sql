CREATE TABLE "KeyFormat" (
	"version" integer PRIMARY KEY NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL
);
