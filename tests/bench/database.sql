-- About :mb MB on disk, always the same: many narrow rows with two indexes, and fewer wide ones.
CREATE TABLE measurements AS
  SELECT id,
         timestamptz '2024-01-01 00:00:00+00' + id * interval '1 second' AS at,
         (id * 7919) % 5000 AS sensor,
         (id * 31337 % 100003)::double precision / 97 AS value,
         md5(id::text) AS note
    FROM generate_series(1::bigint, :mb * 2700::bigint) AS id;
ALTER TABLE measurements ADD PRIMARY KEY (id);
CREATE INDEX ON measurements (sensor, at);

CREATE TABLE documents AS
  SELECT id,
         'document ' || id AS title,
         (SELECT string_agg(md5((id * 31 + part)::text), ' ') FROM generate_series(1, 30) AS part) AS body
    FROM generate_series(1::bigint, :mb * 480::bigint) AS id;
ALTER TABLE documents ADD PRIMARY KEY (id);
