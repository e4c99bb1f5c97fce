-- Columns of an enum or of its array; those of partitions and children follow their parents'.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(a.attname),
       CASE WHEN a.atttypid = t.typarray THEN '[]' ELSE '' END
  FROM pg_type t JOIN pg_attribute a ON a.atttypid IN (t.oid, t.typarray)
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE t.oid = ? AND c.relkind IN ('r', 'p', 'f') AND NOT a.attisdropped AND a.attinhcount = 0
 ORDER BY 1, a.attnum
