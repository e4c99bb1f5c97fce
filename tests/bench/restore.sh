# shellcheck shell=bash
# The restore alone, sourced by scripts/bench: pgrunbook's child and the bare tool take turns with the same file.

mb=${BENCH_MB:-1024}
read -ra formats <<<"${BENCH_FORMATS:-custom plain gzip}"
reach_ratio=1.03
jobs=$(nproc)
jobs=$((jobs > 4 ? 4 : jobs))

# A: restore-prod, as an operator starts it.
with_pgrunbook() { # format, backup
  local began journal status=0 total
  rm -rf "$project/.pgrunbook" "$work/memory"
  began=$(now)
  (pgrunbook restore-prod -C "$project" --set "backup=$2" --confirm shop) >"$work/out" 2>&1 &
  engine=$!
  watch_memory "$engine" "$work/memory"
  wait "$engine" || status=$?
  engine=
  total=$(($(now) - began))
  if [[ $status -ne 0 ]]; then
    cat "$work/out" >&2
    exit 1
  fi
  journal=$(printf '%s\n' "$project"/.pgrunbook/runs/*/journal.jsonl)
  record "$1" total "$total"
  record "$1" child "$(sed -n 's/.* ended after \([0-9]*\) ms$/\1/p' "${journal%/*}/logs/restore.log")"
  record "$1" plan "$(($(milliseconds_of "$(sed -n 's/.*"at":"\([^"]*\)","event":"created".*/\1/p' "$journal")") - began))"
  local read analyze
  read=$(sed -n 's/.*"seconds_read":\([0-9.]*\).*/\1/p' "$journal")
  analyze=$(sed -n 's/.*"seconds_analyze":\([0-9.]*\).*/\1/p' "$journal")
  record "$1" check "$(step_ms "$journal" check-backup)"
  record "$1" read "$(awk -v s="$read" 'BEGIN { print s * 1000 }')"
  record "$1" analyze "$(awk -v s="$analyze" 'BEGIN { print s * 1000 }')"
  record "$1" verify "$(step_ms "$journal" verify)"
  record "$1" peak "$(tail -n 1 "$work/memory" | cut -d ' ' -f 1)"
}

bare_restore() { # format, backup, database
  case $1 in
    custom | directory) pg_restore --dbname="$3" --exit-on-error "--jobs=$jobs" "$2" ;;
    plain) psql -X -q -v ON_ERROR_STOP=1 -1 -d "$3" -f "$2" ;;
    gzip) gunzip -c "$2" | psql -X -q -v ON_ERROR_STOP=1 -1 -d "$3" ;;
  esac >/dev/null
}

# B: what somebody would type, without any check.
by_hand() { # format, backup
  local began
  began=$(now)
  pg_dump -Fc -f "$work/safety.dump" shop
  sql postgres 'CREATE DATABASE shop_new TEMPLATE template0'
  took bare_restore "$1" "$2" shop_new
  record "$1" bare "$ms"
  took sql shop_new ANALYZE
  record "$1" bare_analyze "$ms"
  sql postgres 'ALTER DATABASE shop RENAME TO shop_old' 'ALTER DATABASE shop_new RENAME TO shop'
  record "$1" by_hand "$(($(now) - began))"
}

cp runbooks/restore-prod.yaml "$project/runbooks/"
mkdir "$project/backups"

say "a database of about $mb MB"
sql postgres 'CREATE DATABASE shop'
psql -X -q -v ON_ERROR_STOP=1 -v "mb=$mb" -d shop -f tests/bench/database.sql
size=$(sql postgres "SELECT pg_database_size('shop') / 1048576")

# The custom backup is one of pgrunbook's own, with a manifest; the others come from elsewhere and have none.
declare -A backup
for format in "${formats[@]}"; do
  say "a $format backup"
  case $format in
    custom)
      (pgrunbook runbook run backup -C "$project") >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
      backup[custom]=$(printf '%s\n' "$project"/backups/*-bench.dump)
      ;;
    directory) pg_dump -Fd -f "$project/backups/shop.dir" shop && backup[directory]=$project/backups/shop.dir ;;
    plain) pg_dump -f "$project/backups/shop.sql" shop && backup[plain]=$project/backups/shop.sql ;;
    gzip) pg_dump shop | gzip >"$project/backups/shop.sql.gz" && backup[gzip]=$project/backups/shop.sql.gz ;;
    *) say "scripts/bench: no format '$format'" && exit 2 ;;
  esac
done

for ((round = 1; round <= rounds; round++)); do
  for format in "${formats[@]}"; do
    sides=(with_pgrunbook by_hand)
    if ((round % 2 == 0)); then
      sides=(by_hand with_pgrunbook)
    fi
    for side in "${sides[@]}"; do
      small_shop
      "$side" "$format" "${backup[$format]}"
    done
    say "round $round, $format: $(tail -n 11 "$work/numbers" | awk -v f="$format" -v ORS=', ' '{ print $2, $3 }')load $(cut -d ' ' -f 1 /proc/loadavg)"
  done
done

missed=0
row() { printf '%-10s %9s %9s %7s %15s  %s\n' "$@"; }
printf 'PostgreSQL %s, %s MB database, %s rounds, %s cores, load at the end %s\n\n' \
  "$(postgres --version | awk '{ print $3 }')" "$size" "$rounds" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)"
printf '(a) the restoring child alone, seconds (reach: ratio at most %s)\n' "$reach_ratio"
row format pgrunbook bare ratio 'of the fastest' ''
for format in "${formats[@]}"; do
  child=$(median "$format" child)
  bare=$(median "$format" bare)
  median=$(ratio "$child" "$bare")
  verdict=ok
  if awk -v r="$median" -v reach="$reach_ratio" 'BEGIN { exit !(r > reach) }'; then
    verdict=MISSED
    missed=1
  fi
  row "$format" "$(seconds "$child")" "$(seconds "$bare")" "$median" \
    "$(ratio "$(fastest "$format" child)" "$(fastest "$format" bare)")" "$verdict"
done
printf '\n    beside it, seconds\n'
printf '%-10s %12s %12s %12s %12s %12s\n' format 'start+plan' 'check step' 'read again' ANALYZE verify
for format in "${formats[@]}"; do
  printf '%-10s %12s %12s %12s %12s %12s\n' "$format" "$(seconds "$(median "$format" plan)")" \
    "$(seconds "$(median "$format" check)")" "$(seconds "$(median "$format" read)")" \
    "$(seconds "$(median "$format" analyze)")" "$(seconds "$(median "$format" verify)")"
done
printf '\n(b) resident memory of the engine, MB (reach: under %s)\n' "$reach_mb"
for format in "${formats[@]}"; do
  peak=$(awk -v f="$format" '$1 == f && $2 == "peak" && $3 > m { m = $3 } END { printf "%.0f", m / 1024 }' "$work/numbers")
  verdict=ok
  if ((peak >= reach_mb)); then
    verdict=MISSED
    missed=1
  fi
  printf '%-10s %9s  %s\n' "$format" "$peak" "$verdict"
done
printf '\n(c) everything, seconds\n'
row format pgrunbook 'by hand' ratio '' ''
for format in "${formats[@]}"; do
  a=$(median "$format" total)
  b=$(median "$format" by_hand)
  row "$format" "$(seconds "$a")" "$(seconds "$b")" "$(ratio "$a" "$b")" '' ''
done
exit "$missed"
