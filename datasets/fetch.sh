#!/usr/bin/env bash
# Downloads a MovieLens dataset of GroupLens into datasets/NAME: checks it, then unpacks it.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: datasets/fetch.sh NAME...       NAME: ml-100k ml-1m ml-20m ml-25m ml-32m

Puts each dataset into the folder NAME beside this script. MATINEE_MIRROR=URL takes the zip files from another place
(https:// or file://); they must still have the published checksums.
TEXT
}

mirror=${MATINEE_MIRROR:-https://files.grouplens.org/datasets/movielens}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() {
  echo "fetch.sh: $1" >&2
  exit "${2:-1}"
}

# As GroupLens publishes them beside the files, in NAME.zip.md5.
published_md5() {
  case $1 in
    ml-100k) echo 0e33842e24a9c977be4e0107933c0723 ;;
    ml-1m) echo c4d9eecfca2ab87c1945afe126590906 ;;
    ml-20m) echo cd245b17a1ae2cc31bb14903e1204af3 ;;
    ml-25m) echo 6b51fb2759a8657d3bfcbfc42b592ada ;;
    ml-32m) echo d472be332d4daa821edc399621853b57 ;;
    *) return 1 ;;
  esac
}

require() {
  command -v "$1" > /dev/null || fail "$1 is needed: install it, for example with: apt-get install $1"
}

md5_of() {
  if command -v md5sum > /dev/null; then md5sum < "$1" | cut -d ' ' -f 1; else md5 -q "$1"; fi
}

say_about_ncf() {
  cat <<TEXT
For the protocol of neural collaborative filtering (configs with "kind": "ncf"), put ml-1m.test.rating and
ml-1m.test.negative into $1. They are not part of MovieLens: the authors of that paper publish them in the folder Data of
https://github.com/hexiangnan/neural_collaborative_filtering
TEXT
}

fetch() {
  local name=$1 expected found
  expected=$(published_md5 "$name") || fail "no dataset is named \"$name\"; there are ml-100k ml-1m ml-20m ml-25m ml-32m" 2
  if [ -e "$here/$name" ]; then
    echo "$here/$name is there already: remove it to fetch it again"
    return
  fi
  local zip="$scratch/$name.zip"
  echo "fetching $mirror/$name.zip"
  curl --fail --location --show-error --retry 3 --proto '=https,file,http' --output "$zip" "$mirror/$name.zip" ||
    fail "$mirror/$name.zip cannot be fetched: check the network, or set MATINEE_MIRROR"
  found=$(md5_of "$zip")
  [ "$found" = "$expected" ] ||
    fail "$name.zip has the MD5 $found, but $expected was published: the download is damaged or was replaced; nothing was unpacked"
  unzip -q "$zip" -d "$scratch/$name.unpacked" || fail "$name.zip cannot be unpacked"
  [ -d "$scratch/$name.unpacked/$name" ] || fail "$name.zip does not hold a folder $name"
  mv "$scratch/$name.unpacked/$name" "$here/$name"
  rm -f "$zip"
  echo "$here/$name is ready; its README has the conditions of use: research only, ask GroupLens before any commercial use"
  if [ "$name" = ml-1m ]; then say_about_ncf "$here/$name"; fi
}

case ${1:-} in
  '' | -h | --help)
    usage
    [ $# -gt 0 ] || exit 2
    exit 0
    ;;
esac
require curl
require unzip
# Beside the target: the last step is a rename, so a folder NAME is always complete.
scratch=$(mktemp -d "$here/.fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
for name in "$@"; do fetch "$name"; done
