CREATE TABLE a (id bigint PRIMARY KEY, x int, name text, j jsonb, old text);
CREATE INDEX a_old ON a(old);
-- NEW
CREATE INDEX a_part ON a (x) WHERE x > 10;
CREATE UNIQUE INDEX a_expr ON a (lower(name));
CREATE INDEX a_gin ON a USING gin (j jsonb_path_ops);
CREATE INDEX a_desc ON a (x DESC NULLS LAST) INCLUDE (name);
DROP INDEX a_old;
CREATE INDEX a_old ON a(old, x);
