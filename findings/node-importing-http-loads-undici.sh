#!/usr/bin/env bash
# Node 24.21.0, Linux x64, seen 2026-11-28: `import` of node:http loads undici, `require` of it does not.
#
# node:http exports WebSocket, CloseEvent and MessageEvent as getters that load undici when they are read. An ES module's import of a built-in module,
# even of `request` alone, fills in a value for every name that it exports, and so reads them all: 70 and more internal modules are loaded and run
# that the program never asked for. With `require` or `process.getBuiltinModule` they are not. A command of a few lines that asks a server something
# takes half as long again for it (measured: 128 instead of 68 ms of processor time on a busy 2-core machine).
#
# Needs bash and exactly that Node on the PATH. Ends with 0 while all of this is so.
set -euo pipefail
[ "$(node --version)" = v24.21.0 ] || { echo "Expected Node v24.21.0, found $(node --version)."; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Prints whether undici was loaded, and how many internal modules were.
tell='const all = process.moduleLoadList; console.log(all.some((name) => name.includes("undici")), all.length);'
echo "import { request } from 'node:http'; $tell" >"$folder/imported.mjs"
echo "const { request } = process.getBuiltinModule('node:http'); $tell" >"$folder/gotten.mjs"
echo "const { request } = require('node:http'); $tell" >"$folder/required.cjs"

read -r imported with < <(node "$folder/imported.mjs")
read -r gotten without < <(node "$folder/gotten.mjs")
read -r required _ < <(node "$folder/required.cjs")
echo "undici loaded: $imported by import ($with internal modules), $gotten by getBuiltinModule ($without), $required by require"
[ "$imported" = true ] || { echo "expected import to load undici"; exit 1; }
[ "$gotten $required" = "false false" ] || { echo "expected the other two not to load it"; exit 1; }
[ $((with - without)) -ge 40 ] || { echo "expected at least 40 internal modules more"; exit 1; }
