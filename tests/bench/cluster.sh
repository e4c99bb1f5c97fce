# shellcheck shell=bash
# A scratch cluster for scripts/bench: a free port of 127.0.0.1, a random password, gone at the end.
# Sourced; needs $work, gives $bin, PGHOST, PGPORT, PGUSER and PGPASSWORD.

# The folder with the newest PostgreSQL programs of this machine.
find_programs() {
  local folder
  for folder in "${PGRUNBOOK_PG_BIN:-}" $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -rV) \
    "$(dirname "$(command -v initdb || printf /nowhere/initdb)")"; do
    if [[ -x $folder/initdb && -x $folder/postgres && -x $folder/pg_restore && -x $folder/psql ]]; then
      printf '%s\n' "$folder"
      return
    fi
  done
  printf 'scripts/bench: found no initdb, postgres, pg_restore and psql in one folder\n' >&2
  printf '  hint: install PostgreSQL, or name its folder in PGRUNBOOK_PG_BIN\n' >&2
  return 2
}

# PostgreSQL does not run as root.
as_server() {
  if [[ $EUID -eq 0 ]]; then
    (cd / && setpriv --reuid postgres --regid postgres --init-groups -- "$@")
  else
    "$@"
  fi
}

free_port() {
  local port
  for port in $(shuf -i 20000-32000 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return
    fi
  done
  return 1
}

start_cluster() {
  bin=$(find_programs)
  export PATH=$bin:$PATH PGHOST=127.0.0.1 PGUSER=postgres PGPORT PGPASSWORD
  PGPORT=$(free_port)
  PGPASSWORD=$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')
  mkdir "$work/server"
  (umask 077 && printf '%s\n' "$PGPASSWORD" >"$work/server/password")
  if [[ $EUID -eq 0 ]]; then
    chmod 711 "$work"
    chown -R postgres "$work/server"
  fi
  as_server "$bin/initdb" -D "$work/server/data" -U postgres -E UTF8 --locale=C.UTF-8 -A scram-sha-256 \
    --pwfile="$work/server/password" --no-sync >/dev/null
  # As in a rehearsal nothing waits for the disk, and nothing else works meanwhile: both sides of a ratio get the same.
  as_server "$bin/pg_ctl" -D "$work/server/data" -l "$work/server/log" -w start -o "-p $PGPORT \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off \
    -c synchronous_commit=off -c autovacuum=off -c shared_buffers=256MB -c max_wal_size=8GB" >/dev/null
}

stop_cluster() {
  if [[ -n ${bin:-} && -e $work/server/data/postmaster.pid ]]; then
    as_server "$bin/pg_ctl" -D "$work/server/data" -m immediate -w stop >/dev/null || true
  fi
}

sql() { # database, statements...
  local database=$1 statement
  shift
  for statement in "$@"; do
    psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" -c "$statement"
  done
}

# A small shop is what gets replaced, so that the safety backup takes no time; then everything rests.
small_shop() {
  local name
  while read -r name; do
    sql postgres "DROP DATABASE \"$name\" WITH (FORCE)"
  done < <(sql postgres "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")
  sql postgres 'CREATE DATABASE shop'
  sql shop 'CREATE TABLE users AS SELECT id FROM generate_series(1, 1000) AS id'
  sql postgres CHECKPOINT
}
