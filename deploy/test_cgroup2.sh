#!/usr/bin/env bash
# Runs the sandbox's contract tests on a kernel with cgroup version 2 only: a user-mode Linux that boots this machine's own file
# system as an ordinary process. It is 10 to 20 times slower than the machine, so limits on wall time are generous there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository=$PWD
tests=${1:-tests/contract}

fail() {
    printf 'test-cgroup2: %s\n' "$1" >&2
    exit 1
}

ensure_kernel() {
    command -v linux.uml >/dev/null && return
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null ||
        fail "user-mode Linux is missing; type: apt-get install user-mode-linux"
    apt-get install -y -qq user-mode-linux >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq user-mode-linux; }
}

write_init() {
    cat >"$1/init" <<EOF
#!/bin/bash
mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs none /run
umount -l /sys/fs/cgroup 2>/dev/null
mount -t cgroup2 none /sys/fs/cgroup
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
cd "$repository"
echo "kernel \$(uname -r), cgroup 2 controllers: \$(cat /sys/fs/cgroup/cgroup.controllers)"
.venv/bin/python -m pytest -m sandbox -p no:cacheprovider "$tests"
echo \$? >"$1/status"
halt -f
EOF
    chmod +x "$1/init"
}

main() {
    ensure_kernel
    local scratch
    scratch=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$scratch'" EXIT
    write_init "$scratch"
    linux.uml mem=2G root=/dev/root rootfstype=hostfs rootflags=/ rw "init=$scratch/init" quiet \
        con=null con0=fd:0,fd:1 </dev/null || true
    [[ -e $scratch/status ]] || fail "the kernel did not run the tests to their end"
    exit "$(cat "$scratch/status")"
}

main
