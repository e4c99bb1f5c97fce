-- The sample application's rows: the same ones every time, :rows of them in properties.
INSERT INTO users (email, name, note, active, preferences, created_at)
SELECT 'user' || i || '@example.org',
       (ARRAY['Ada Lovelace', 'Jürgen Groß', '山田 太郎', 'Ольга', 'O''Brien', 'Zoë 🏡', 'עדי'])[i % 7 + 1]
         || ' ' || i,
       CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'tab\there' ELSE E'\\N is no null' END,
       i % 10 <> 0,
       jsonb_build_object('language', (ARRAY['de', 'en', 'ja'])[i % 3 + 1], 'newsletter', i % 2 = 0),
       timestamptz '2026-01-01 00:00:00+00' + i * interval '1 hour'
  FROM generate_series(1, greatest(:rows / 5, 1)) i;

INSERT INTO properties (owner_id, title, description, status, price, area, details, listed_at, updated_at)
SELECT (i - 1) % greatest(:rows / 5, 1) + 1,
       (ARRAY['Flat', 'House', 'Wohnung', 'マンション', 'Дом'])[i % 5 + 1] || ' no. ' || i,
       CASE WHEN i % 3 = 0 THEN NULL
            WHEN i % 100 = 1 THEN repeat(E'A long text, with a tab\t, a backslash \\, a line\nand \\. alone:\n\\.\n', 400)
            ELSE E'Bright and quiet.\nC:\\plans\\' || i || E'.pdf\t"as is"\r\n' END,
       (ARRAY['draft', 'listed', 'listed', 'reserved', 'sold']::listing_status[])[i % 5 + 1],
       100000 + i * 37.5,
       25 + i % 200 + 0.25,
       jsonb_build_object('rooms', i % 6 + 1, 'balcony', i % 2 = 0, 'tags', jsonb_build_array('süß', E'a\\b', NULL)),
       CASE WHEN i % 5 = 0 THEN NULL ELSE date '2026-01-01' + i % 90 END,
       timestamptz '2026-03-01 00:00:00+00' + i * interval '1 minute'
  FROM generate_series(1, :rows) i;

INSERT INTO documents (property_id, file_name, content)
SELECT i, 'floor plan ' || i || '.bin',
       lo_from_bytea(0, decode(repeat(md5(i::text), 100 * i), 'hex'))
  FROM generate_series(1, least(:rows, 3)) i;

-- An array of real becomes a vector by itself, where the column is one.
INSERT INTO embeddings (property_id, model, embedding)
SELECT i, 'made up',
       (SELECT array_agg((((i * 7919 + d * 104729) % 2001 - 1000) / 1000.0)::real ORDER BY d)
          FROM generate_series(1, 1536) d)
  FROM generate_series(1, least(:rows, 40)) i;

INSERT INTO photos (property_id, file_name, embedding)
SELECT i, 'photo ' || i || '.jpg',
       (SELECT array_agg((((i * 6367 + d * d * 31) % 2003 - 1000) / 1000.0)::real ORDER BY d)
          FROM generate_series(1, 1536) d)
  FROM generate_series(1, least(:rows, 40)) i;

ANALYZE users, properties, documents, embeddings, photos;
