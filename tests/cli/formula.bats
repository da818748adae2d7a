# Densities of the user's own: formulas, bounds, data, named targets.

load common

@test "a formula is a model: density, score, chains, names" {
  tensor-gen formula '-x^2 / 2 - (y - x^2)^2 / 2' --names x,y --model -o mine.h5
  printf '0.5,1\n-1,2\n' | tensor-import --header no - | logdensity -m mine.h5 --score - -o scored.h5
  # -0.125 - 0.28125; -0.5 - 0.5.
  [ "$(numbers scored.h5 log_density | xargs)" = '-0.40625 -1' ]
  # (-x + 2 x (y - x^2), x^2 - y)
  [ "$(numbers scored.h5 score | xargs)" = '0.25,-0.75 -1,-1' ]
  langevin-sample -m mine.h5 --method hmc --chains 4 -n 8000 -o draws.h5
  [ "$(tensor-export draws.h5 | head -n 1)" = x,y ]
  # E x = 0, E y = 1, Var y = 3, within five standard errors of at least 1,000 effective draws.
  tensor-export draws.h5 | tail -n +2 | awk -F, '{ a += $1; b += $2 } END {
    a /= NR; b = b / NR - 1; exit !(a < 0.16 && a > -0.16 && b < 0.28 && b > -0.28) }'
  echo '-x[1]^2 / 2' >text
  tensor-gen formula @text --dim 1 --model -o file.h5
  echo 2 | tensor-import --header no - | logdensity -m file.h5 - -o scored.h5
  [ "$(numbers scored.h5 log_density)" = -2 ]
}

@test "columns with bounds stay inside, and their law is right" {
  tensor-gen formula 'gamma_lpdf(rate, 2, 3) + beta_lpdf(share, 2, 5)' --names rate,share \
    --lower 0,0 --upper ,1 --model -o mine.h5
  langevin-sample -m mine.h5 --method hmc --chains 4 -n 20000 -o draws.h5
  # Means 2/3 and 2/7, deviations 0.47 and 0.16; five standard errors of 2,000 effective draws.
  tensor-export draws.h5 | tail -n +2 | awk -F, '
    $1 <= 0 || $2 <= 0 || $2 >= 1 { print; outside = 1 }
    { a += $1; b += $2 } END { a = a / NR - 2 / 3; b = b / NR - 2 / 7
    exit outside || !(a < 0.053 && a > -0.053 && b < 0.018 && b > -0.018) }'
  printf '%s\n' 1,0.5 -1,0.5 1,1.5 | tensor-import --header no - | logdensity -m mine.h5 - -o scored.h5
  [ "$(numbers scored.h5 log_density | sed -n 2,3p | xargs)" = '-inf -inf' ]
  # Chains go on from their own draws.
  langevin-sample -m mine.h5 --method hmc --init draws.h5 -n 20 --steps 5 -o more.h5
  printf '%s\n' -1,0.5 | tensor-import --header no - -o outside.h5
  remember_files
  outcome langevin-sample -m mine.h5 --method hmc --init outside.h5 -n 1 --steps 5 -o more2.h5
  expect_failure 1 langevin-sample 'a start outside'
  grep -q 'row 0, column 1 is -1, it should be between 0 and inf' err
  no_complaints
}

@test "data beside the formula" {
  printf '%s\n' 1,2 3,4 5,6 | tensor-import --header no - -o a.h5
  printf '%s\n' 1 0 2 >y.csv
  tensor-gen formula 'sum(y * matmul(A, x))' --dim 2 --data A=a.h5 --data y=y.csv --model -o mine.h5
  printf '1,10\n' | tensor-import --header no - | logdensity -m mine.h5 - -o scored.h5
  # 21 + 2 * 65
  [ "$(numbers scored.h5 log_density)" = 151 ]
  # The model holds them.
  rm a.h5 y.csv
  printf '1,10\n' | tensor-import --header no - | logdensity -m mine.h5 - --summary | grep -q 151
}

@test "what is wrong in a text is told with its place" {
  remember_files
  while IFS='|' read -r options message; do
    eval "outcome tensor-gen formula $options --model -o no.h5"
    expect_failure 2 tensor-gen "$options"
    grep -qF -- "$message" err || complain "$options: $(cat err)"
  done <<'END'
'x[1] + foo(x)' --dim 1|formula: column 8: there is no function 'foo'
'x[1] + ' --dim 1|formula: column 8: a number, a name or ( should stand here, not the end
'x' --dim 2|formula: column 1
'x[3]' --dim 2|formula: column
'-a^2' --names a,b,a|a
'-x[1]^2'|formula needs --dim D or --names
'-x[1]^2' --dim 1 --lower 1,2|2 numbers for 1 columns
'-x[1]^2' --dim 1 --lower 2 --upper 1|should be below
END
  outcome tensor-gen u1 --dim 3 --model -o no.h5
  expect_failure 2 tensor-gen 'u1 --dim'
  outcome tensor-gen u1 -o no.h5
  expect_failure 2 tensor-gen 'rows of u1'
  no_complaints
}

@test "eight schools by hmc, and the pictures of the plane's targets" {
  tensor-gen eight-schools --model -o schools.h5
  langevin-sample -q -m schools.h5 --method hmc --chains 4 -n 40000 -o draws.h5
  [ "$(tensor-export draws.h5 | head -n 1)" = mu,tau,theta.1,theta.2,theta.3,theta.4,theta.5,theta.6,theta.7,theta.8 ]
  # The centred form mixes slowly: E mu 4.397 and E tau 3.598, loosely.
  tensor-export draws.h5 | tail -n +2 | awk -F, '$2 <= 0 { bad = 1 } { a += $1; b += $2 } END {
    a /= NR; b /= NR; exit bad || !(a > 3.2 && a < 5.6 && b > 2 && b < 5.5) }'
  for name in u1 u2 u3 u4 ring double-well rosenbrock; do
    tensor-gen $name --model -o target.h5
    tensor-plot -m target.h5 --kind density --range=-4:4,-4:4 -o $name.png || complain "$name"
  done
  tensor-gen phi4 --size 4 --mass -4 --coupling 8 --model -o field.h5
  langevin-sample -q -m field.h5 --method hmc --chains 2 -n 20 -o field.draws.h5
  no_complaints
}
