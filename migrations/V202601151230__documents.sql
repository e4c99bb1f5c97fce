-- Files that belong to a property, as large objects: pg_dump writes those apart from the tables.
CREATE TABLE documents (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  property_id bigint NOT NULL REFERENCES properties (id) ON DELETE CASCADE,
  file_name   text NOT NULL,
  content     oid NOT NULL
);

CREATE INDEX documents_property_id_idx ON documents (property_id);
