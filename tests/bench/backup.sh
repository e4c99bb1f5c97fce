# shellcheck shell=bash
# A backup with its fingerprint, read back, against the bare pg_dump; sourced by scripts/bench.

mb=${BENCH_MB:-1024}
jobs=$(nproc)
jobs=$((jobs > 4 ? 4 : jobs))

# A: the step, as its journal has it, and the whole command.
with_pgrunbook() { # format
  local began journal
  rm -rf "$project/.pgrunbook" "$project"/backups/* "$work/memory"
  began=$(now)
  (pgrunbook runbook run backup -C "$project" --set "format=$1") >"$work/out" 2>&1 &
  engine=$!
  watch_memory "$engine" "$work/memory"
  wait "$engine" || { cat "$work/out" >&2; exit 1; }
  engine=
  record "$1" total "$(($(now) - began))"
  journal=$(printf '%s\n' "$project"/.pgrunbook/runs/*/journal.jsonl)
  record "$1" step "$(step_ms "$journal" backup)"
  record "$1" size "$(du -sb "$project"/backups/*-bench.d* | awk '{ n += $1 } END { print n / 1048576 }')"
  record "$1" peak "$(tail -n 1 "$work/memory" | cut -d ' ' -f 1)"
}

bare() { # name, options...
  local name=$1
  shift
  rm -rf "$work/bare"
  took pg_dump "$@" -f "$work/bare" shop
  record "$name" bare "$ms"
}

mkdir "$project/backups"
say "a database of about $mb MB"
sql postgres 'CREATE DATABASE shop'
psql -X -q -v ON_ERROR_STOP=1 -v "mb=$mb" -d shop -f tests/bench/database.sql
size=$(sql postgres "SELECT pg_database_size('shop') / 1048576")

for ((round = 1; round <= rounds; round++)); do
  for format in custom directory; do
    sql postgres CHECKPOINT
    with_pgrunbook "$format"
    if [[ $format == custom ]]; then
      bare custom -Fc
      bare custom-same -Fc -Z1
    else
      bare directory -Fd -j2
      bare directory-same -Fd "-j$jobs" -Z1
    fi
    say "round $round, $format: $(tail -n 6 "$work/numbers" | awk -v ORS=', ' '{ print $1, $2, $3 }')load $(cut -d ' ' -f 1 /proc/loadavg)"
  done
done

missed=0
printf 'PostgreSQL %s, %s MB database, %s rounds, %s cores, load at the end %s\n\n' \
  "$(postgres --version | awk '{ print $3 }')" "$size" "$rounds" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)"
row() { printf '%-10s %9s %9s %9s %7s %7s %9s  %s\n' "$@"; }
row format MB 'step, s' 'bare, s' ratio reach 'same -Z1' ''
for format in custom directory; do
  step=$(median "$format" step)
  against=$(ratio "$step" "$(median "$format" bare)")
  reach=$([[ $format == custom ]] && echo 1.15 || echo 1.5)
  verdict=ok
  if awk -v r="$against" -v reach="$reach" 'BEGIN { exit !(r > reach) }'; then
    verdict=MISSED
    missed=1
  fi
  row "$format" "$(median "$format" size | cut -d . -f 1)" "$(seconds "$step")" "$(seconds "$(median "$format" bare)")" \
    "$against" "$reach" "$(ratio "$step" "$(median "$format-same" bare)")" "$verdict"
done
printf '\n"bare" is pg_dump as one types it, -Fc or -Fd -j2; "same -Z1": against pg_dump with the compression that is used here, level 1\n'
for format in custom directory; do
  printf '%s: everything %s s, resident memory %s MB\n' "$format" "$(seconds "$(median "$format" total)")" \
    "$(awk -v f="$format" '$1 == f && $2 == "peak" && $3 > m { m = $3 } END { printf "%.0f", m / 1024 }' "$work/numbers")"
done
exit "$missed"
