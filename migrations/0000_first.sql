CREATE TABLE "AuditLog" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"userId" uuid,
	"action" text NOT NULL,
	"tableName" text NOT NULL,
	"recordId" uuid NOT NULL,
	"changes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "Card" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"toolCallId" uuid NOT NULL,
	"channelId" text NOT NULL,
	"discordMessageId" text NOT NULL,
	"interactionToken" text,
	"tokenExpiresAt" timestamp with time zone,
	"watchState" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"nextPollAt" timestamp with time zone,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "Chat" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"userId" uuid NOT NULL,
	"channelId" text NOT NULL,
	"guildId" text,
	"title" text DEFAULT 'New chat' NOT NULL,
	"visibility" text DEFAULT 'private' NOT NULL,
	"isCurrent" boolean DEFAULT true NOT NULL,
	"deletedAt" timestamp with time zone,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "Chat_visibility_check" CHECK ("visibility" in ('public', 'private'))
);
--> statement-breakpoint
CREATE TABLE "Document" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"title" text NOT NULL,
	"content" text,
	"kind" text DEFAULT 'text' NOT NULL,
	"userId" uuid NOT NULL,
	CONSTRAINT "Document_id_createdAt_pk" PRIMARY KEY("id","createdAt"),
	CONSTRAINT "Document_kind_check" CHECK ("kind" in ('text', 'list', 'sheet'))
);
--> statement-breakpoint
CREATE TABLE "Message_v2" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"chatId" uuid NOT NULL,
	"role" text NOT NULL,
	"parts" jsonb NOT NULL,
	"attachments" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"sourceMessageId" text,
	"replyMessageIds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "Message_v2_sourceMessageId_unique" UNIQUE("sourceMessageId"),
	CONSTRAINT "Message_v2_role_check" CHECK ("role" in ('user', 'assistant', 'system', 'tool'))
);
--> statement-breakpoint
CREATE TABLE "ServiceConfig" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"userId" uuid NOT NULL,
	"serviceName" varchar(50) NOT NULL,
	"baseUrl" text NOT NULL,
	"apiKey" text NOT NULL,
	"username" text,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"isEnabled" boolean DEFAULT true NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "Stream" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"chatId" uuid NOT NULL,
	"messageId" uuid,
	"owner" text NOT NULL,
	"leaseUntil" timestamp with time zone NOT NULL,
	"state" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "Stream_chatId_unique" UNIQUE("chatId")
);
--> statement-breakpoint
CREATE TABLE "Suggestion" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"documentId" uuid NOT NULL,
	"documentCreatedAt" timestamp with time zone NOT NULL,
	"originalText" text NOT NULL,
	"suggestedText" text NOT NULL,
	"description" text,
	"isResolved" boolean DEFAULT false NOT NULL,
	"userId" uuid NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ToolCall" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"userId" uuid NOT NULL,
	"ownerId" uuid NOT NULL,
	"chatId" uuid,
	"messageId" uuid,
	"toolName" text NOT NULL,
	"input" jsonb NOT NULL,
	"output" jsonb,
	"status" text NOT NULL,
	"effect" text NOT NULL,
	"dedupeKey" text,
	"claimedBy" text,
	"leaseUntil" timestamp with time zone,
	"error" text,
	"queuedAt" timestamp with time zone DEFAULT now() NOT NULL,
	"startedAt" timestamp with time zone,
	"finishedAt" timestamp with time zone,
	"expiresAt" timestamp with time zone,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ToolCall_dedupeKey_unique" UNIQUE("dedupeKey"),
	CONSTRAINT "ToolCall_status_check" CHECK ("status" in ('queued', 'running', 'succeeded', 'failed', 'timeout', 'canceled')),
	CONSTRAINT "ToolCall_effect_check" CHECK ("effect" in ('read', 'write', 'destroy'))
);
--> statement-breakpoint
CREATE TABLE "User" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"discordId" text NOT NULL,
	"username" text,
	"displayName" text,
	"avatarUrl" text,
	"locale" text,
	"timezone" text,
	"role" text DEFAULT 'user' NOT NULL,
	"preferences" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"lastSeenAt" timestamp with time zone DEFAULT now() NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "User_discordId_unique" UNIQUE("discordId"),
	CONSTRAINT "User_role_check" CHECK ("role" in ('user', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "Vote_v2" (
	"chatId" uuid NOT NULL,
	"messageId" uuid NOT NULL,
	"userId" uuid NOT NULL,
	"isUpvoted" boolean NOT NULL,
	"createdAt" timestamp with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "Vote_v2_chatId_messageId_userId_pk" PRIMARY KEY("chatId","messageId","userId")
);
--> statement-breakpoint
ALTER TABLE "AuditLog" ADD CONSTRAINT "AuditLog_userId_User_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."User"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Card" ADD CONSTRAINT "Card_toolCallId_ToolCall_id_fk" FOREIGN KEY ("toolCallId") REFERENCES "public"."ToolCall"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Chat" ADD CONSTRAINT "Chat_userId_User_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."User"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Document" ADD CONSTRAINT "Document_userId_User_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."User"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Message_v2" ADD CONSTRAINT "Message_v2_chatId_Chat_id_fk" FOREIGN KEY ("chatId") REFERENCES "public"."Chat"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ServiceConfig" ADD CONSTRAINT "ServiceConfig_userId_User_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."User"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Stream" ADD CONSTRAINT "Stream_chatId_Chat_id_fk" FOREIGN KEY ("chatId") REFERENCES "public"."Chat"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Stream" ADD CONSTRAINT "Stream_messageId_Message_v2_id_fk" FOREIGN KEY ("messageId") REFERENCES "public"."Message_v2"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Suggestion" ADD CONSTRAINT "Suggestion_userId_User_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."User"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Suggestion" ADD CONSTRAINT "Suggestion_document_foreign_key" FOREIGN KEY ("documentId","documentCreatedAt") REFERENCES "public"."Document"("id","createdAt") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_userId_User_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."User"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_ownerId_User_id_fk" FOREIGN KEY ("ownerId") REFERENCES "public"."User"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_chatId_Chat_id_fk" FOREIGN KEY ("chatId") REFERENCES "public"."Chat"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_messageId_Message_v2_id_fk" FOREIGN KEY ("messageId") REFERENCES "public"."Message_v2"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Vote_v2" ADD CONSTRAINT "Vote_v2_chatId_Chat_id_fk" FOREIGN KEY ("chatId") REFERENCES "public"."Chat"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Vote_v2" ADD CONSTRAINT "Vote_v2_messageId_Message_v2_id_fk" FOREIGN KEY ("messageId") REFERENCES "public"."Message_v2"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "Vote_v2" ADD CONSTRAINT "Vote_v2_userId_User_id_fk" FOREIGN KEY ("userId") REFERENCES "public"."User"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "AuditLog_userId_createdAt_index" ON "AuditLog" USING btree ("userId","createdAt");--> statement-breakpoint
CREATE INDEX "AuditLog_recordId_index" ON "AuditLog" USING btree ("recordId");--> statement-breakpoint
CREATE UNIQUE INDEX "Card_toolCallId_discordMessageId_unique" ON "Card" USING btree ("toolCallId","discordMessageId");--> statement-breakpoint
CREATE INDEX "Card_nextPollAt_index" ON "Card" USING btree ("nextPollAt");--> statement-breakpoint
CREATE UNIQUE INDEX "Chat_current_unique" ON "Chat" USING btree ("userId","channelId") WHERE "isCurrent" and "deletedAt" is null;--> statement-breakpoint
CREATE INDEX "Chat_userId_createdAt_index" ON "Chat" USING btree ("userId","createdAt");--> statement-breakpoint
CREATE INDEX "Document_userId_index" ON "Document" USING btree ("userId");--> statement-breakpoint
CREATE INDEX "Message_v2_chatId_createdAt_index" ON "Message_v2" USING btree ("chatId","createdAt");--> statement-breakpoint
CREATE UNIQUE INDEX "ServiceConfig_userId_serviceName_unique" ON "ServiceConfig" USING btree ("userId","serviceName");--> statement-breakpoint
CREATE INDEX "Stream_leaseUntil_index" ON "Stream" USING btree ("leaseUntil");--> statement-breakpoint
CREATE INDEX "Stream_messageId_index" ON "Stream" USING btree ("messageId");--> statement-breakpoint
CREATE INDEX "Suggestion_document_index" ON "Suggestion" USING btree ("documentId","documentCreatedAt");--> statement-breakpoint
CREATE INDEX "Suggestion_userId_index" ON "Suggestion" USING btree ("userId");--> statement-breakpoint
CREATE INDEX "ToolCall_userId_queuedAt_index" ON "ToolCall" USING btree ("userId","queuedAt");--> statement-breakpoint
CREATE INDEX "ToolCall_ownerId_index" ON "ToolCall" USING btree ("ownerId");--> statement-breakpoint
CREATE INDEX "ToolCall_chatId_index" ON "ToolCall" USING btree ("chatId");--> statement-breakpoint
CREATE INDEX "ToolCall_messageId_index" ON "ToolCall" USING btree ("messageId");--> statement-breakpoint
CREATE INDEX "ToolCall_status_expiresAt_index" ON "ToolCall" USING btree ("status","expiresAt");--> statement-breakpoint
CREATE INDEX "ToolCall_status_leaseUntil_index" ON "ToolCall" USING btree ("status","leaseUntil");--> statement-breakpoint
CREATE INDEX "ToolCall_finishedAt_index" ON "ToolCall" USING btree ("finishedAt");--> statement-breakpoint
CREATE INDEX "Vote_v2_messageId_index" ON "Vote_v2" USING btree ("messageId");--> statement-breakpoint
CREATE INDEX "Vote_v2_userId_index" ON "Vote_v2" USING btree ("userId");