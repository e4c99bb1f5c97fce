-- A large object does not go away with the row that names it.
SELECT lo_unlink(content) FROM documents;
DROP TABLE documents;
