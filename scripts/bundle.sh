#!/usr/bin/env bash
# Copies a program and every library that it loads, but for those of the C library, into FOLDER/bin and FOLDER/lib: scripts/bundle.sh PROGRAM FOLDER
# It then runs on a Debian 12 that has nothing installed, with LD_LIBRARY_PATH=FOLDER/lib.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# == 2 ]] || fail "usage: scripts/bundle.sh PROGRAM FOLDER"
program="$1" folder="$2"
libraries="$(libraries_of "$program")"
mkdir -p "$folder/bin" "$folder/lib"
cp "$program" "$folder/bin/"
while read -r library; do cp -L "$library" "$folder/lib/"; done <<<"$libraries"
say "$(basename "$program") with $(find "$folder/lib" -type f | wc -l) libraries in $folder: $(du -sh "$folder" | cut -f1)"
