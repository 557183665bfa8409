CREATE INDEX CONCURRENTLY posts_created_by_deleted_at_idx ON post_schema.posts (created_by, deleted_at) WHERE deleted_by = 'account';
