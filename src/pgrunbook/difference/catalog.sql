WITH member AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), space AS (
  SELECT oid, quote_ident(nspname) AS name FROM pg_namespace n
   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
     AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid)
), relation AS (
  SELECT c.*, s.name || '.' || quote_ident(c.relname) AS name
    FROM pg_class c JOIN space s ON s.oid = c.relnamespace
   WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
     AND NOT EXISTS (
       SELECT FROM pg_class h
        WHERE h.relname = ANY (?) AND (h.oid = c.oid OR EXISTS (
          SELECT FROM pg_index i WHERE i.indexrelid = c.oid AND i.indrelid = h.oid)))
)
SELECT 'schema ' || name FROM space
UNION ALL
SELECT 'extension ' || quote_ident(e.extname) || ' in ' || n.nspname
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'
UNION ALL
SELECT concat_ws(' ', CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table'
                  WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialised view' ELSE 'sequence' END,
         name, CASE WHEN relkind IN ('r', 'p', 'm') THEN 'replica identity ' || relreplident::text END,
         CASE WHEN relrowsecurity THEN 'row security' END, CASE WHEN relforcerowsecurity THEN 'forced' END,
         'persistence ' || relpersistence::text, reloptions::text,
         CASE WHEN relkind IN ('r', 'm') THEN (SELECT amname FROM pg_am WHERE pg_am.oid = relam) END,
         pg_get_expr(relpartbound, oid), CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END,
         (SELECT 'inherits ' || string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)
            FROM pg_inherits WHERE inhrelid = relation.oid),
         CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
         (SELECT concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
            FROM pg_sequence s WHERE s.seqrelid = relation.oid),
         'comment ' || obj_description(oid, 'pg_class'))
  FROM relation WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
UNION ALL
SELECT concat_ws(' ', 'column', r.name || '.' || quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
         CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid),
         'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''),
         'storage ' || a.attstorage::text, 'compression ' || nullif(a.attcompression::text, ''),
         'statistics ' || nullif(a.attstattarget, -1), a.attoptions::text,
         'collation ' || nullif(a.attcollation, t.typcollation)::regcollation::text,
         'comment ' || col_description(r.oid, a.attnum))
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
 WHERE r.relkind IN ('r', 'p', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT concat_ws(' ', 'index', r.name, pg_get_indexdef(r.oid), CASE WHEN NOT i.indisvalid THEN 'invalid' END,
         CASE WHEN i.indisclustered THEN 'clustered' END, 'comment ' || obj_description(r.oid, 'pg_class'))
  FROM relation r JOIN pg_index i ON i.indexrelid = r.oid
UNION ALL
SELECT concat_ws(' ', 'constraint', coalesce(r.name, c.contypid::regtype::text) || '.' || quote_ident(c.conname),
         pg_get_constraintdef(c.oid), 'comment ' || obj_description(c.oid, 'pg_constraint'))
  FROM pg_constraint c JOIN space s ON s.oid = c.connamespace LEFT JOIN relation r ON r.oid = c.conrelid
 WHERE r.oid IS NOT NULL OR (c.conrelid = 0
   AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = c.contypid))
UNION ALL
SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), 'enabled ' || t.tgenabled::text, 'comment ' || obj_description(t.oid, 'pg_trigger'))
  FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT concat_ws(' ', 'rule', pg_get_ruledef(w.oid), 'enabled ' || w.ev_enabled::text)
  FROM pg_rewrite w JOIN relation r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT concat_ws(' ', 'policy', quote_ident(p.polname), 'on', r.name, p.polcmd, p.polpermissive,
         (SELECT string_agg(x, ', ' ORDER BY x) FROM (SELECT coalesce(o.rolname, 'public') AS x
            FROM unnest(p.polroles) u LEFT JOIN pg_roles o ON o.oid = u) y),
         'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p JOIN relation r ON r.oid = p.polrelid
UNION ALL
SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(x.oid), 'target ' || nullif(x.stxstattarget, -1))
  FROM pg_statistic_ext x JOIN relation r ON r.oid = x.stxrelid
UNION ALL
SELECT concat_ws(' ', 'routine', p.oid::regprocedure::text,
         CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.aggcombinefn,
            g.aggtranstype::regtype, g.agginitval) FROM pg_aggregate g WHERE g.aggfnoid = p.oid)
              ELSE pg_get_functiondef(p.oid) END, 'comment ' || obj_description(p.oid, 'pg_proc'))
  FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
UNION ALL
SELECT concat_ws(' ', 'type', t.oid::regtype::text, t.typtype,
         (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
         CASE WHEN t.typtype = 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault) END,
         (SELECT rngsubtype::regtype::text FROM pg_range WHERE rngtypid = t.oid),
         'comment ' || obj_description(t.oid, 'pg_type'))
  FROM pg_type t JOIN space s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c') OR (t.typtype = 'b' AND t.typelem = 0))
   AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_type'::regclass AND m.objid = t.oid)
UNION ALL
SELECT 'publication ' || p.pubname || ' ' || concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
         (SELECT string_agg(x.prrelid::regclass::text, ', ' ORDER BY 1) FROM pg_publication_rel x WHERE x.prpubid = p.oid))
  FROM pg_publication p
UNION ALL
SELECT concat_ws(' ', kind, pg_describe_object(class, oid, 0))
  FROM (SELECT 'pg_cast'::regclass, oid, 'cast' FROM pg_cast WHERE oid >= 16384
        UNION ALL SELECT 'pg_operator'::regclass, oid, 'operator' FROM pg_operator WHERE oid >= 16384
        UNION ALL SELECT 'pg_opclass'::regclass, oid, 'opclass' FROM pg_opclass WHERE oid >= 16384
        UNION ALL SELECT 'pg_opfamily'::regclass, oid, 'opfamily' FROM pg_opfamily WHERE oid >= 16384
        UNION ALL SELECT 'pg_am'::regclass, oid, 'am' FROM pg_am WHERE oid >= 16384
        UNION ALL SELECT 'pg_language'::regclass, oid, 'language' FROM pg_language WHERE oid >= 16384
        UNION ALL SELECT 'pg_transform'::regclass, oid, 'transform' FROM pg_transform WHERE oid >= 16384
        UNION ALL SELECT 'pg_conversion'::regclass, oid, 'conversion' FROM pg_conversion WHERE oid >= 16384
        UNION ALL SELECT 'pg_collation'::regclass, oid, 'collation' FROM pg_collation WHERE oid >= 16384
        UNION ALL SELECT 'pg_event_trigger'::regclass, oid, 'event trigger' FROM pg_event_trigger
        UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'wrapper' FROM pg_foreign_data_wrapper
        UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 'server' FROM pg_foreign_server
        UNION ALL SELECT 'pg_ts_config'::regclass, oid, 'text search' FROM pg_ts_config WHERE oid >= 16384
        UNION ALL SELECT 'pg_ts_dict'::regclass, oid, 'text search' FROM pg_ts_dict WHERE oid >= 16384
       ) AS rest (class, oid, kind)
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = rest.class AND m.objid = rest.oid)
