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
