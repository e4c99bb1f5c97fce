CREATE TABLE a (id bigint PRIMARY KEY, nick text NOT NULL);
CREATE TABLE old_t (id bigint PRIMARY KEY, v text);
-- NEW
ALTER TABLE a RENAME nick TO nickname;
ALTER TABLE old_t RENAME TO new_t;
