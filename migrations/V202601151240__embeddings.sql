-- What a property's text is about, in 1536 numbers, for finding similar ones.
-- Not the same schema comes out of this file everywhere: vector(1536) where the server offers pgvector, with an
-- index from pgvector 0.5 on, and otherwise real[], which keeps the numbers but can't search by them.
-- Creating the extension takes a superuser, or an owner for whom a superuser has created it before.
DO $$
DECLARE
  numbers text := 'real[] NOT NULL CHECK (cardinality(embedding) = 1536)';
  pgvector boolean := EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector');
BEGIN
  IF pgvector THEN
    CREATE EXTENSION IF NOT EXISTS vector;
    numbers := 'vector(1536) NOT NULL';
  END IF;
  EXECUTE 'CREATE TABLE embeddings ('
    'property_id bigint PRIMARY KEY REFERENCES properties (id) ON DELETE CASCADE, '
    'model text NOT NULL, '
    'embedding ' || numbers || ')';
  IF EXISTS (SELECT FROM pg_am WHERE amname = 'hnsw') THEN
    CREATE INDEX embeddings_embedding_idx ON embeddings USING hnsw (embedding vector_cosine_ops);
  END IF;
END;
$$;
