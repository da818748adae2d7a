# shellcheck shell=sh disable=SC2059,SC2086,SC2129,SC2154
# Rows and analytic models.

for name in moons circles rings pinwheel spirals 8gaussians 25gaussians; do
  record tensor-gen $name --label -n 600 -o $name.h5
done
for name in checkerboard gaussian funnel banana; do
  record tensor-gen $name -n 600 -o $name.h5
done
for name in 8gaussians 25gaussians gaussian funnel banana; do
  record tensor-gen $name --model -o $name.model.h5
done
record tensor-gen shapes --size 8 -n 100 -o shapes.h5
record tensor-gen gaussian --dim 3 -n 300 -o solid.h5
record tensor-gen gaussian --correlation 0.6 --model -o tilted.model.h5
printf '0.25\n0.75\n' >weights.csv
printf '0,0\n10,1\n' >means.csv
printf '1,0,0,1\n0.5,0.2,0.2,0.5\n' >covariances.csv
printf '1,0.6\n0.6,1\n' >covariance.csv
printf '1,0\n' >mask.csv
printf '0.5,0\n' >known.csv
at=8gaussians.model.h5:/model/parameters
each h5 tensor-gen <<END
moons -n 700 --shard 2/3
rings -n 100 --seed 5 --precision float64
circles -n 100 --noise 0
8gaussians --noise 0.1 --model
gaussian -n 100 --dim 5 --correlation 0.3
funnel --dim 4 --model
banana -n 100 --dim 3
shapes -n 20
mixture -n 600 --means means.csv --covariances covariances.csv
mixture --model --weights $at/weights --means $at/means --covariances $at/covariances
END
record tensor-gen mixture -n 600 --weights weights.csv --means means.csv --covariances covariances.csv -o mixture.h5
record tensor-gen mixture --model --weights weights.csv --means means.csv --covariances covariances.csv -o mixture.model.h5
record tensor-gen moons -n 5
printf 'count = 7\nseed = 3\n' >run.conf
record tensor-gen moons --config run.conf -o configured.h5
# One output with its history; the others are without.
with=$common
common=
record tensor-import moons.h5 --rows :50 -o history.h5
common=$with

# tensor-export, and the pictures and arrays that are imported below.

each - tensor-export <<END
moons.h5
moons.h5 --format tsv --rows 10:20 --columns label,x
moons.h5 --format npy
moons.h5:/label
shapes.h5 --summary
moons.h5 --summary --json
funnel.model.h5 --summary
shapes.h5 --format png --grid 10
END
record tensor-export <rings.h5
for suffix in csv tsv npy png; do
  each $suffix tensor-export <<END
shapes.h5
END
done
record tensor-export --range=-50,300 --rows 3:30 shapes.h5 -o range.png
record tensor-export rings.h5 -o rings.npy
record tensor-export rings.h5:/label -o label.npy
record tensor-export moons.h5 -o moons.npy
mkdir -p pictures/b pictures/a
for row in 0 1 2 3 4 5; do
  [ $row -lt 4 ] && class=b || class=a
  tensor-export shapes.h5 --rows $row:$((row + 1)) -o pictures/$class/$row.png
done

# tensor-import: text, arrays, pictures, weights, containers.

# npy HEADER: the head of an array of NumPy.
npy() {
  printf "\\223NUMPY\\001\\000\\$(printf %03o ${#1})\\000%s" "$1"
}

# safetensors HEADER: the head of such a file.
safetensors() {
  printf "\\$(printf %03o $((${#1} % 256)))\\$(printf %03o $((${#1} / 256)))"
  printf '\000\000\000\000\000\000%s' "$1"
}

cp "$tests/../data/geyser.csv" .
printf 'length,kind,width\n5.1,rose,3.5\n7,daisy,3.2\n4.9,rose,3\n' >kinds.csv
printf 'a\tb\n1\t2\n3\t4e-3\n' >tabs.txt
printf '# made by hand\n1 2\n\n3 4\n' >blanks.txt
printf 'sep=;\na;b\n1,5;2\n3;4,25\n' >semicolons.txt
printf 'a b\n1 1.5 2\n2 3 4\n' >row-names.txt
printf 'a,b\n1,2\n3,NA\n5,6\n' >missing.txt
printf '3,2,daisy,rose\n5.1,3.5,1\n7,3.2,0\n4.9,3,1\n' | gzip -n >counted.gz
printf '\377\376a\000,\000b\000\n\0001\000,\0002\000\n\0003\000,\0004\000\n\000' >utf-16.txt
printf 'gr\374n,b\n1,2\n3,4\n' >windows-1252.txt
npy "{'descr': '<f2', 'fortran_order': True, 'shape': (3, 2), }" >half.npy
printf '\000\074\000\100\000\102\000\104\000\105\000\306' >>half.npy
npy "{'descr': '>i4', 'fortran_order': False, 'shape': (2, 2), }" >big-endian.npy
printf '\000\000\000\001\000\000\001\000\377\377\377\377\001\000\000\000' >>big-endian.npy
npy "{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }" >bool.npy
printf '\001\000\001\001' >>bool.npy
npy "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4, 4, 3), }" >channels-last.npy
tail -c 96 rings.npy >>channels-last.npy
printf '\000\000\010\003\000\000\000\004\000\000\000\004\000\000\000\004' >images.idx
tail -c 64 rings.npy >>images.idx
printf '\000\000\010\001\000\000\000\004\000\001\002\001' | gzip -n >labels.idx.gz
printf 'BMF\000\000\000\000\000\000\000\066\000\000\000\050\000\000\000\002\000\000\000' >2x2.bmp
printf '\002\000\000\000\001\000\030\000\000\000\000\000\020\000\000\000' >>2x2.bmp
head -c 16 /dev/zero >>2x2.bmp
printf 'abcdef\000\000ABCDEF\000\000' >>2x2.bmp
base64 -d >12x16.jpg <<END
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsL
EBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU
FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQAAwDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAf
EAABAwMFAAAAAAAAAAAAAAAHACOhAwUzARUlQVH/xAAVAQEBAAAAAAAAAAAAAAAAAAAEBf/EABsRAAIBBQAAAAAAAAAA
AAAAAAAHAwQhJDJB/9oADAMBAAIRAxEAPwCRx+JsbEJ+som4+mxCVB+JcbPnSfrKJddvpswl00li8umBi78P/9k=
END
safetensors '{"x":{"dtype":"F32","shape":[60,2],"data_offsets":[0,480]},"force":{"dtype":"F32","shape":[60,3],"data_offsets":[480,1200]},"short":{"dtype":"F16","shape":[4],"data_offsets":[1200,1208]},"brain":{"dtype":"BF16","shape":[2],"data_offsets":[1208,1212]},"count":{"dtype":"I64","shape":[1],"data_offsets":[1212,1220]}}' >contexts.safetensors
{ tail -c 1200 moons.npy; printf '\000\074\000\100\000\102\000\104\200\077\000\300\001\002\000\000\000\000\000\000'; } >>contexts.safetensors

record tensor-import geyser.csv -o geyser.h5
record tensor-import contexts.safetensors -o contexts.h5
record tensor-import pictures -o pictures.h5
record tensor-import shapes.h5 --rows :10 -o first-shapes.h5
record tensor-import --header no mask.csv -o mask.h5
record tensor-import --header no known.csv -o known.h5
record tensor-import geyser.csv --shuffle --split 0.25 --seed 3 -o first.h5 --rest second.h5
record fid-eval --save-stats rings.npz rings.h5
each h5 tensor-import <<END
kinds.csv --label-column kind --precision float64
tabs.txt
blanks.txt
semicolons.txt --decimal-comma
row-names.txt
missing.txt --missing drop
counted.gz --label-column -1
utf-16.txt
windows-1252.txt
geyser.csv --columns waiting --rows 10:20 --header yes
kinds.csv --drop 2
geyser.csv --pca 1
geyser.csv --transpose
rings.npy
half.npy
big-endian.npy
bool.npy
channels-last.npy --channels-last
channels-last.npy --channels-last --size 6x5
rings.npz
rings.npz:/mu
images.idx labels.idx.gz
images.idx --size 8x6
2x2.bmp
12x16.jpg
12x16.jpg --gray --size 5x5
pictures/a --size 6x4 --rgb
contexts.safetensors:/force
shapes.h5 --size 4x4 --shuffle
moons.h5 rings.h5 --rows :700
moons.h5:/label
shapes.h5 --pca 5
END
record tensor-import --header no - <weights.csv
