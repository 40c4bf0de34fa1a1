#!/usr/bin/env bash
# Starts `judge` in a container, after making the container's cgroup one that can be divided into slots.
#
# With cgroup v2 a cgroup that holds processes cannot give controllers to its children. So all processes move to the
# leaf "service", where the sandbox expects to be, as under systemd's DelegateSubgroup=service; slots are its siblings.
# What cannot be prepared is said here, and refused by `judge serve` and shown by `judge doctor`.
set -euo pipefail

cgroup=/sys/fs/cgroup

complain() {
    printf 'entrypoint: %s\n' "$@" >&2
}

make_writable() {
    if [[ $(findmnt -no OPTIONS "$cgroup") == ro,* ]]; then
        mount -o remount,rw "$cgroup" 2>/dev/null ||
            complain "expected $cgroup to be writable, found it mounted read-only; start the container with" \
                "--security-opt writable-cgroups=true (Docker 28), or with --cap-add SYS_ADMIN"
    fi
}

enter_leaf() {
    local pid
    mkdir -p "$cgroup/service" 2>/dev/null || return 0
    for pid in $(<"$cgroup/cgroup.procs"); do
        echo "$pid" 2>/dev/null >"$cgroup/service/cgroup.procs" || true # it may have ended
    done
}

if [[ -e $cgroup/cgroup.controllers && $(</proc/self/cgroup) == "0::/" ]]; then
    make_writable
    enter_leaf
fi
exec judge "$@"
