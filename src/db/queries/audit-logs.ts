import { desc, eq } from 'drizzle-orm';
import type { Database } from '../connection.ts';
import { failingAs } from '../failing-as.ts';
import { type AuditLog, auditLog } from '../schema.ts';

/** What a user changed, newest first. */
export async function getAuditLogsByUserId(
  db: Database,
  { userId, limit }: { userId: string; limit: number },
): Promise<AuditLog[]> {
  return failingAs('Failed to get audit logs', () =>
    db.select().from(auditLog).where(eq(auditLog.userId, userId)).orderBy(desc(auditLog.createdAt)).limit(limit),
  );
}
