CREATE TYPE st AS ENUM ('draft','sold');
CREATE TABLE a (id bigint PRIMARY KEY, s st NOT NULL DEFAULT 'draft');
INSERT INTO a VALUES (1);
-- NEW
ALTER TYPE st ADD VALUE 'listed' BEFORE 'sold';
ALTER TABLE a ADD s2 st NOT NULL DEFAULT 'listed';
