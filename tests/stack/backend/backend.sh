#!/bin/sh
# Writes into the database five times a second (PAUSE=0.2), and notes what was accepted outside of it.
# WRITER=each: a connection for each write; WRITER=pool: one that is kept, and made again when it is ended.
export PGAPPNAME=backend PGCONNECT_TIMEOUT=2
insert="insert into writes (note) values ('$(hostname)') returning id"
written=/tmp/written
rm -f "$written"

# Only called with the id of a row that was committed.
accepted() {
  now=$(date +%s.%N)
  case $now in
    *.*[!0-9]* | *.) now=$(date +%s).0 ;; # a date without fractions
  esac
  echo "$now $1" >>"$LOG"
  echo "${now%.*}" >"$written"
}

each() {
  if id=$(psql -XAtq -c "$insert"); then
    accepted "$id"
  fi
}

pool() {
  while echo "$insert;"; do
    sleep "${PAUSE:-0.2}"
  done | psql -XAtq -v ON_ERROR_STOP=1 | while read -r id; do
    accepted "$id"
  done
}

while :; do
  case ${WRITER:-each} in
    pool) pool ;;
    *) each ;;
  esac
  sleep "${PAUSE:-0.2}"
done
