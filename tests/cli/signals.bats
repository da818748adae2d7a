# What stops a run, and what is saved then.

load common

@test "whatever stops a training run, it leaves a checkpoint to go on from" {
  tensor-gen moons -n 200 -o rows.h5
  for program in 'flow-train --layers 1' score-train ddgan-train; do
    train="$program --hidden 4 --threads 1 --schedule constant"
    for signal in HUP INT TERM USR1 XCPU; do
      rm -f run.h5
      # shellcheck disable=SC2086
      env --default-signal=INT $train --steps 100000000 --checkpoint run.h5 rows.h5 -o m.h5 2>err &
      pid=$!
      sleep 0.5
      kill -$signal $pid
      status=0
      wait $pid || status=$?
      what="${program%% *}, SIG$signal"
      [ "$status" -eq $((128 + $(kill -l $signal))) ] || complain "$what: status $status"
      [ -f run.h5 ] || { complain "$what: no checkpoint"; continue; }
      [ ! -e m.h5 ] || complain "$what: a model"
    done
    step=$(h5dump -a /checkpoint/step run.h5 | sed -n 's/.*(0): \([0-9]*\).*/\1/p')
    # shellcheck disable=SC2086
    $train --steps $((step + 1)) --resume run.h5 rows.h5 -o m.h5 || complain "$program: no resuming"
    rm -f m.h5
  done
  no_complaints
}

# ends WHAT: the program in the background leaves with 143 soon after SIGTERM.
ends() {
  local tenths=0
  sleep 0.5
  kill -TERM $pid
  while kill -0 $pid 2>/dev/null && [ $((tenths += 1)) -lt 50 ]; do sleep 0.1; done
  kill -KILL $pid 2>/dev/null && complain "$1: does not end"
  status=0
  wait $pid || status=$?
  [ "$status" -eq 143 ] || complain "$1: status $status"
}

@test "a program that waits for a pipe ends when it is asked to" {
  tensor-gen gaussian --dim 2 --model -o model.h5
  tensor-gen gaussian --dim 2 -n 100000 -o rows.h5
  mkfifo silent unread
  exec 8<>silent 9<>unread
  for command in 'logdensity -m model.h5' 'flow-train --steps 2' 'tensor-import -' \
    'tensor-export --summary' 'fid-eval - rows.h5' 'langevin-sample -m model.h5 -n 5 --init -'; do
    # shellcheck disable=SC2086
    $command <silent >/dev/null 2>err &
    pid=$!
    ends "$command"
  done
  for command in 'tensor-gen moons -n 100000' 'tensor-export rows.h5' 'tensor-import rows.h5' \
    'logdensity -m model.h5 rows.h5'; do
    # shellcheck disable=SC2086
    $command >unread 2>err &
    pid=$!
    ends "$command"
  done
  no_complaints
}

@test "under nohup a run survives the terminal" {
  tensor-gen moons -n 200 -o rows.h5
  nohup flow-train --layers 1 --hidden 4 --threads 1 --steps 100000000 rows.h5 -o m.h5 \
    >out 2>err </dev/null &
  pid=$!
  sleep 0.5
  kill -HUP $pid
  sleep 0.3
  kill -0 $pid
  kill -TERM $pid
  status=0
  wait $pid || status=$?
  [ "$status" -eq 143 ]
}
