CREATE INDEX CONCURRENTLY posts_deleted_at_idx ON post_schema.posts (deleted_at) WHERE deleted_at IS NOT NULL AND deleted_by IS DISTINCT FROM 'account'::text;
