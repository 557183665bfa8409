DROP INDEX CONCURRENTLY "post_schema"."posts_deleted_at_created_by_idx";
