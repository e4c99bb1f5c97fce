# shellcheck shell=bash
# How long it takes until something happens, and what each step costs; sourced by scripts/bench.

timed() { # name, pgrunbook's arguments...: time and largest resident memory
  local name=$1 began status=0
  shift
  rm -f "$work/memory"
  began=$(now)
  (pgrunbook "$@" -C "$project") >"$work/out" 2>&1 &
  engine=$!
  watch_memory "$engine" "$work/memory"
  wait "$engine" || status=$?
  engine=
  record "$name" ms "$(($(now) - began))"
  [[ ! -s $work/memory ]] || record "$name" kB "$(tail -n 1 "$work/memory" | cut -d ' ' -f 1)"
  if [[ $status -ne ${expected:-0} ]]; then
    cat "$work/out" >&2
    exit 1
  fi
}

many() { # steps: a runbook of so many
  {
    printf 'name: many-%s\ndescription: many steps\nenvironment: prod\nsteps:\n' "$1"
    local i
    for ((i = 1; i < $1; i++)); do
      printf '  - {id: s%s, action: exec, with: {argv: ["true"]}}\n' "$i"
    done
    printf '  - {id: last, action: exec, with: {argv: [test, -e, go]}}\n'
  } >"$project/runbooks/many-$1.yaml"
}

# B: what a careful script would do: one program, and what was begun and done on the disk before the next.
shell_loop() { # steps
  local i
  : >"$work/log"
  for ((i = 1; i <= $1; i++)); do
    printf 'started %s\n' "$i" >>"$work/log" && sync -d "$work/log"
    env true
    printf 'finished %s\n' "$i" >>"$work/log" && sync -d "$work/log"
  done
}

playbook() { # tasks
  local i
  printf -- '- hosts: localhost\n  gather_facts: false\n  connection: local\n  tasks:\n'
  for ((i = 1; i <= $1; i++)); do
    printf '    - ansible.builtin.command: "true"\n'
  done
}

sql postgres 'CREATE DATABASE shop'
sql shop 'CREATE TABLE users AS SELECT id FROM generate_series(1, 1000) AS id'
cp runbooks/restore-prod.yaml "$project/runbooks/"
mkdir -p "$project/backups"
(pgrunbook runbook run backup -C "$project") >/dev/null 2>&1
many 1000
many 10000
touch "$project/go"
for _ in record settle; do # the cache of classes is made in the background
  (pgrunbook runbook plan restore-prod -C "$project") >/dev/null 2>&1
  sleep 10
done

for ((round = 1; round <= rounds; round++)); do
  timed start runbook plan restore-prod
  timed plan-1000 runbook plan many-1000
  timed plan-10000 runbook plan many-10000
  rm -rf "$project/.pgrunbook"
  timed run-1000 runbook run many-1000 --confirm shop
  took shell_loop 1000
  record loop-1000 ms "$ms"
  if command -v ansible-playbook >/dev/null; then
    playbook 8 >"$work/eight.yaml"
    playbook 108 >"$work/more.yaml"
    took ansible-playbook --check -i localhost, "$work/eight.yaml" >/dev/null 2>&1
    record ansible-8-check ms "$ms"
    took ansible-playbook -i localhost, "$work/eight.yaml" >/dev/null 2>&1
    record ansible-8 ms "$ms"
    took ansible-playbook -i localhost, "$work/more.yaml" >/dev/null 2>&1
    record ansible-108 ms "$ms"
  fi
  say "round $round: $(tail -n 14 "$work/numbers" | tr '\n' ',') load $(cut -d ' ' -f 1 /proc/loadavg)"
done

# A run of 1,000 and of 10,000 steps that has failed in its last one, again and again, and goes on there.
rm -rf "$project/.pgrunbook" "$project/go"
for steps in 1000 10000; do
  expected=1 timed "fail-$steps" runbook run "many-$steps" --confirm shop
  tests/main pgrunbook.bench.Events "$(printf '%s\n' "$project"/.pgrunbook/runs/*/journal.jsonl)" "$((10 * steps))"
  touch "$project/go"
  timed "resume-$steps" runbook resume
  rm -f "$project/go"
  record "resume-$steps" events "$(cat "$project"/.pgrunbook/runs/*/journal.jsonl | wc -l)"
  rm -rf "$project/.pgrunbook"
done

missed=0
row() { # what, A, against, B, reach
  local quotient verdict=''
  quotient=$(ratio "$2" "$4")
  if awk -v r="$quotient" -v reach="$5" 'BEGIN { exit !(r > reach) }'; then
    verdict=MISSED
    missed=1
  fi
  printf '%-38s %8.2f s   %-40s %8.2f s   %8s (%s) %s\n' "$1" "$(awk -v v="$2" 'BEGIN { print v / 1000 }')" "$3" \
    "$(awk -v v="$4" 'BEGIN { print v / 1000 }')" "$quotient" "$5" "$verdict"
}
printf 'PostgreSQL %s, %s rounds, %s cores, load at the end %s; in brackets the reach of the ratio\n\n' \
  "$(postgres --version | awk '{ print $3 }')" "$rounds" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)"
if command -v ansible-playbook >/dev/null; then
  row 'warm start to the plan of restore-prod' "$(median start ms)" 'ansible-playbook --check, 8 tasks' "$(median ansible-8-check ms)" 0.25
  per_step=$(awk -v a="$(median run-1000 ms)" -v s="$(median start ms)" 'BEGIN { print (a - s) / 1000 }')
  per_task=$(awk -v a="$(median ansible-108 ms)" -v b="$(median ansible-8 ms)" 'BEGIN { print (a - b) / 100 }')
  row 'each step more' "$per_step" 'ansible-playbook, each task more' "$per_task" 0.02
else
  printf 'no ansible-playbook here: not compared with it\n'
  printf '%-38s %8.2f s\n' 'warm start to the plan of restore-prod' "$(awk -v v="$(median start ms)" 'BEGIN { print v / 1000 }')"
fi
row '1,000 steps, all of it' "$(median run-1000 ms)" 'shell loop with sync -d' "$(median loop-1000 ms)" 1.0
row 'planning 10,000 steps' "$(median plan-10000 ms)" 'ten times that of 1,000' "$((10 * $(median plan-1000 ms)))" 1.0
row 'planning 10,000 steps' "$(median plan-10000 ms)" '3 s' 3000 1.0
row "resume after $(median resume-10000 events) events" "$(median resume-10000 ms)" "ten times that after $(median resume-1000 events)" \
  "$((10 * $(median resume-1000 ms)))" 1.0
row "resume after $(median resume-10000 events) events" "$(median resume-10000 ms)" '3 s' 3000 1.0
for name in start plan-10000 run-1000 resume-10000; do
  peak=$(awk -v n="$name" '$1 == n && $2 == "kB" && $3 > m { m = $3 } END { printf "%.0f", m / 1024 }' "$work/numbers")
  printf 'resident memory, %-20s %4s MB (under %s)%s\n' "$name" "$peak" "$reach_mb" "$([[ $peak -lt $reach_mb ]] || printf ' MISSED')"
  [[ $peak -lt $reach_mb ]] || missed=1
done
exit "$missed"
