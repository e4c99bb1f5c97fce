CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int, price numeric(12,2) not null, area numeric(8,2) not null, gone text default 'x', t int);
INSERT INTO a(x,price,area) values (1,2,3);
-- NEW
ALTER TABLE a ADD COLUMN y text NOT NULL DEFAULT 'q', ADD COLUMN z timestamptz DEFAULT now(), ADD ppm numeric(12,2) GENERATED ALWAYS AS (price/area) STORED, DROP gone, ALTER t TYPE bigint;
ALTER TABLE a ALTER x SET NOT NULL;
COMMENT ON COLUMN a.y IS 'it''s; -- a "comment"';
CREATE TABLE b (id serial primary key, a_id bigint NOT NULL REFERENCES a ON DELETE CASCADE, "Odd Name" text CHECK ("Odd Name" <> ''), data jsonb);
ALTER TABLE a ADD CONSTRAINT x_pos CHECK (x > 0);
