CREATE TYPE st AS ENUM ('draft','sold');
CREATE TABLE a (id bigint PRIMARY KEY, s st NOT NULL DEFAULT 'draft');
-- NEW
ALTER TYPE st ADD VALUE 'listed' BEFORE 'sold';
ALTER TYPE st ADD VALUE 'last';
CREATE TYPE mood AS ENUM ('ok','sad');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%') NOT NULL;
ALTER TABLE a ADD m mood DEFAULT 'ok', ADD e email DEFAULT 'a@b';
