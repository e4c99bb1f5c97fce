-- What has to go before an enum's columns can change their type, as statements, dependants first.
WITH RECURSIVE enum AS (
  SELECT oid, typarray FROM pg_type WHERE oid = ?
), place AS (
  SELECT 'pg_type'::regclass AS class, e.oid, 0 AS part FROM enum e
  UNION ALL SELECT 'pg_type'::regclass, e.typarray, 0 FROM enum e
  UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum
    FROM enum e JOIN pg_attribute a ON a.atttypid IN (e.oid, e.typarray)
    JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relkind IN ('r', 'p', 'f') AND NOT a.attisdropped
), direct AS (
  SELECT DISTINCT d.classid, d.objid, p.class = 'pg_type'::regclass AS of_type
    FROM pg_depend d JOIN place p ON d.refclassid = p.class AND d.refobjid = p.oid AND d.refobjsubid = p.part
   WHERE d.deptype IN ('n', 'a')
), viewed AS (
  SELECT r.ev_class AS oid, 1 AS depth FROM direct d
    JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
   WHERE r.rulename = '_RETURN'
  UNION
  SELECT r.ev_class, v.depth + 1 FROM viewed v
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = v.oid
     AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite r ON r.oid = d.objid
   WHERE r.ev_class <> v.oid AND r.rulename = '_RETURN'
), dropped (rank, statement) AS (
  SELECT -max(v.depth), format('DROP %s %I.%I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, n.nspname, c.relname)
    FROM viewed v JOIN pg_class c ON c.oid = v.oid JOIN pg_namespace n ON n.oid = c.relnamespace
   GROUP BY c.relkind, n.nspname, c.relname
  UNION ALL
  SELECT 1, format('DROP POLICY %I ON %I.%I', p.polname, n.nspname, c.relname)
    FROM direct d JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
    JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 1, format('DROP TRIGGER %I ON %I.%I', g.tgname, n.nspname, c.relname)
    FROM direct d JOIN pg_trigger g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
    JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT g.tgisinternal AND g.tgparentid = 0
  UNION ALL
  SELECT 2, format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname)
    FROM direct d JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE d.of_type AND k.coninhcount = 0
  UNION ALL
  SELECT 2, format('DROP INDEX %I.%I', n.nspname, c.relname)
    FROM direct d JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE d.of_type AND c.relkind IN ('i', 'I') AND NOT c.relispartition
  UNION ALL
  SELECT 3, format('ALTER TABLE %I.%I ALTER COLUMN %I DROP DEFAULT', n.nspname, c.relname, a.attname)
    FROM enum e JOIN pg_attribute a ON a.atttypid IN (e.oid, e.typarray)
    JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attgenerated = '' AND NOT c.relispartition
  UNION ALL
  SELECT 4, format('DROP ROUTINE %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
    FROM direct d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
    JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE d.of_type
)
SELECT DISTINCT statement, rank FROM dropped ORDER BY rank, statement
