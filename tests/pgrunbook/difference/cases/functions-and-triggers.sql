CREATE TABLE a (id bigint PRIMARY KEY, x int, updated_at timestamptz);
CREATE FUNCTION f0(i int) RETURNS int LANGUAGE sql AS 'select i + 1';
-- NEW
CREATE OR REPLACE FUNCTION f0(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select i + 2';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- a comment; with semicolon
  NEW.updated_at := now();
  RETURN NEW;
END;
$$;
CREATE TRIGGER a_touch BEFORE UPDATE ON a FOR EACH ROW WHEN (OLD.x IS DISTINCT FROM NEW.x) EXECUTE FUNCTION touch();
CREATE FUNCTION at() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(x) FROM a; SELECT 1; END;
CREATE PROCEDURE p(INOUT i int) LANGUAGE plpgsql AS 'begin i := i+1; end';
CREATE INDEX a_f0 ON a (f0(x));
CREATE TABLE zlast (i int);
CREATE FUNCTION later() RETURNS bigint LANGUAGE sql AS 'select count(*) from zlast';
