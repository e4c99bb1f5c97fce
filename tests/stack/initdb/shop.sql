-- What the backend works with, the same each time. Run by the image when the volume is new.
SELECT count(*) > 0 AS has_vector FROM pg_available_extensions WHERE name = 'vector' \gset

CREATE TABLE users (
  id integer PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  created date NOT NULL
);
INSERT INTO users
SELECT n, 'user' || n || '@example.com', 'User ' || n, date '2026-01-01' + n % 300
  FROM generate_series(1, 1000) n;

CREATE TABLE documents (
  id integer PRIMARY KEY,
  owner integer NOT NULL REFERENCES users,
  title text NOT NULL
);
INSERT INTO documents SELECT n, n * 5, 'Document ' || n FROM generate_series(1, 200) n;
\if :has_vector
  CREATE EXTENSION IF NOT EXISTS vector;
  ALTER TABLE documents ADD embedding vector(3);
  UPDATE documents SET embedding = ARRAY[id % 7, id % 11, id % 13]::vector(3);
  CREATE INDEX ON documents USING hnsw (embedding vector_l2_ops);
\endif

CREATE TABLE writes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  note text
);

SELECT count(*) = 0 AS no_reader FROM pg_roles WHERE rolname = 'reader' \gset
\if :no_reader
  CREATE ROLE reader NOLOGIN;
\endif
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
