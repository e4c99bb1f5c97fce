-- The extension stays: it belongs to whoever created it, and other tables may use it.
DROP TABLE embeddings;
