CREATE TYPE st AS ENUM ('draft','listed','sold');
CREATE TABLE a (id bigint PRIMARY KEY, s st NOT NULL DEFAULT 'draft');
CREATE INDEX a_s ON a (s) WHERE s = 'draft';
CREATE VIEW av AS SELECT s FROM a;
INSERT INTO a VALUES (1, 'draft'), (2, 'sold');
-- NEW
DROP VIEW av; DROP TABLE a; DROP TYPE st;
CREATE TYPE st AS ENUM ('draft','sold');
CREATE TABLE a (id bigint PRIMARY KEY, s st NOT NULL DEFAULT 'draft');
CREATE INDEX a_s ON a (s) WHERE s = 'draft';
CREATE VIEW av AS SELECT s FROM a;
