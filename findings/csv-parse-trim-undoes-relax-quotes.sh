#!/usr/bin/env bash
# csv-parse 7.0.3, seen 2026-11-28: `relax_quotes` lets a quote stand inside a quoted cell, as exports of logs and error texts have it, and `trim` takes that back.
#
# With `relax_quotes: true` the record `1,"he said "no" to it",x` is read: the cell keeps its quotes. With `trim: true` (or `rtrim`) beside it the same
# record ends the whole parse with CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE, although nothing needed trimming. `skip_records_with_error` does not
# help: it drops that record and the sound one behind it without a word. An importer that wants both trims the cells itself.
#
# Needs npm and node. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund csv-parse@7.0.3
cat >try.mjs <<'JS'
import { parse } from "csv-parse/sync";
const text = '0,a,x\n1,"he said "no" to it",x\n2,b,x\n';
const tried = (options) => {
  try {
    return parse(text, { relax_quotes: true, ...options }).map(([id, cell]) => `${id}=${cell}`).join(" ");
  } catch (error) {
    return error.code;
  }
};
console.log(tried({}));
console.log(tried({ trim: true }));
console.log(tried({ rtrim: true }));
console.log(tried({ ltrim: true }));
console.log(tried({ trim: true, skip_records_with_error: true }));
JS
said=$(node try.mjs)
wanted='0=a 1="he said "no" to it" 2=b
CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE
CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE
0=a 1="he said "no" to it" 2=b
0=a'
[ "$said" = "$wanted" ] || { printf 'expected:\n%s\ngot:\n%s\n' "$wanted" "$said"; exit 1; }
echo "csv-parse 7.0.3: trim and rtrim refuse what relax_quotes allows."
