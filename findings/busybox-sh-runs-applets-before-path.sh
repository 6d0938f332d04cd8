#!/usr/bin/env bash
# busybox 1.35.0 as Debian 12 packages it (busybox-static 1:1.35.0-4+deb12u1+b1), seen 2026-11-27: two things that a supervisor whose launcher
# is a /bin/sh script would not guess.
#
# 1. `exec NAME` in busybox sh runs busybox's own applet, also when PATH has another program of that name in front, and even for `sh`: the
#    static package is built with FEATURE_PREFER_APPLETS. A command that was looked up along PATH beforehand is then not the one that runs.
#    A name with a slash, /usr/bin/wget, runs what it names.
# 2. busybox sh ignores SIGQUIT for itself in a script, as bash does ("in all cases") and dash does not. `kill -QUIT $$` goes on to the next
#    line with status 0, so a job `sh -c '…'` ends by SIGQUIT under dash and not under the other two. What the shell starts does not inherit it.
#
# Needs bash, dash, dpkg-deb and an apt that has this version. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download busybox-static=1:1.35.0-4+deb12u1+b1
dpkg-deb -x ./*.deb unpacked
box=$(find "$folder/unpacked" -type f -path "*bin/busybox")
mkdir first
for name in wget sh; do printf '#!/bin/dash\necho "the one on PATH"\n' >first/$name; chmod +x first/$name; done
export PATH="$folder/first:$PATH"

expect() { [ "$2" = "$3" ] || { echo "$1: expected \"$3\", got \"$2\""; exit 1; }; }
expect "dash runs what PATH has" "$(dash -c 'exec wget' 2>&1)" "the one on PATH"
expect "busybox runs its applet" "$("$box" sh -c 'exec wget' 2>&1 | head -1 | cut -d' ' -f1)" "BusyBox"
expect "busybox runs its own sh" "$("$box" sh -c 'exec sh -c "readlink /proc/\$\$/exe"')" "$box"
expect "with a slash it runs what is named" "$("$box" sh -c "exec $folder/first/wget")" "the one on PATH"

quit='ulimit -c 0; kill -QUIT $$; echo "went on"'
expect "busybox ignores SIGQUIT" "$("$box" sh -c "$quit" 2>&1)" "went on"
expect "bash ignores SIGQUIT" "$(bash -c "$quit" 2>&1)" "went on"
expect "dash does not" "$(dash -c "$quit" 2>/dev/null || echo "ended with $?")" "ended with 131"
expect "what busybox starts does not ignore it" "$("$box" sh -c '/bin/cat /proc/self/status; :' | sed -n 's/^SigIgn:\t//p')" "0000000000000000"
echo "busybox 1.35.0: exec prefers applets to PATH, and SIGQUIT is ignored by the shell itself."
