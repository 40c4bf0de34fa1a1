#!/usr/bin/env bash
# Prepares this machine: a Python, .venv with the locked dependencies, the system libraries and the candidate runtimes.
#
#   deploy/bootstrap.sh [--dev] [--no-runtime]
#
#   --dev          also what tests, linting and code generation need
#   --no-runtime   stop before the candidate runtimes
#
# Each step first looks whether it has anything to do; when none has, the whole takes a fraction of a second.
#
#   1. system libraries   what nsjail and libseccomp load: looked up in ldconfig's cache, installed with apt-get; also
#                         g++, a JDK and PyPy, for submissions in C++, Java and PyPy's Python, without which the rest
#                         still works
#   2. python             the first of the candidates below that runs and is CPython 3.12 to 3.14, 3.13 preferred
#   3. .venv              made with that python; holds uv and what deploy/locks/*.txt name, by hash, and this project;
#                         .venv/bootstrap-stamp names what it was made from
#   4. runtimes           deploy/build_runtime.py, for each folder in deploy/runtimes; one other than python3 that
#                         cannot be built stops only --dev: the service runs without it
#
# Environment: PYTHON (the interpreter to take), JUDGE_RUNTIME_ROOT (where runtimes are kept; /var/lib/judge/runtimes).
set -euo pipefail
shopt -s nullglob
PATH=$PATH:/usr/sbin:/sbin # ldconfig

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$repository/.venv
locks=$repository/deploy/locks
runtime_root=${JUDGE_RUNTIME_ROOT:-/var/lib/judge/runtimes}

# soname and Debian's package of each library that is loaded from the system
system_libraries=(
    libnl-route-3.so.200 libnl-route-3-200 # nsjail
    libseccomp.so.2 libseccomp2            # pyseccomp
)

say() { printf 'bootstrap: %s\n' "$*"; }
fail() {
    printf 'bootstrap: %s\n' "$@" >&2
    exit 1
}

# --- 1. System libraries ----------------------------------------------------------------------------------------------

missing_packages() {
    local cache i
    cache=$(ldconfig -p)
    for ((i = 0; i < ${#system_libraries[@]}; i += 2)); do
        [[ $cache == *"${system_libraries[i]} "* ]] || printf '%s\n' "${system_libraries[i + 1]}"
    done
}

# Runs a command as root: as it is, or with a sudo that asks for no password.
as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

can_be_root() { [[ $(id -u) == 0 ]] || sudo -n true 2>/dev/null; }

ensure_system_libraries() {
    local packages
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]})) || return 0
    command -v apt-get >/dev/null ||
        fail "expected the system libraries of Debian's packages ${packages[*]}, found them missing and no apt-get;" \
            "install the same libraries with this system's package manager (Fedora: libnl3 libseccomp) and run again"
    can_be_root ||
        fail "expected the system packages ${packages[*]}, found them missing; type this and run again:" \
            "    sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}"
    say "installing the system packages ${packages[*]}"
    apt_install "${packages[@]}" || fail "apt-get could not install ${packages[*]}; its messages are above"
}

# The package lists are often absent (containers) or old: they are fetched only when the first try fails.
apt_install() {
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@")
    as_root "${install[@]}" >/dev/null 2>&1 || { as_root apt-get update -qq && as_root "${install[@]}" >/dev/null; }
}

# The toolchains of C++, Java and PyPy submissions. Without them everything else works: `judge doctor` says what is missing.
ensure_compilers() {
    ensure_compiler C++ has_compiler g++
    ensure_compiler Java has_jdk openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless
    ensure_compiler "Python with PyPy" has_pypy pypy3
}

has_compiler() { [[ -x /usr/bin/g++ ]]; }

has_pypy() { [[ -x /usr/bin/pypy3 ]]; }

# Whether there is a JDK of version 17 or later where Debian puts them.
has_jdk() {
    local home major
    for home in /usr/lib/jvm/*/; do
        [[ -x $home/bin/javac && -r $home/release ]] || continue
        major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
        ((${major:-0} >= 17)) && return 0
    done
    return 1
}

# $1 the language, $2 whether it is there, and the packages of which the first that can be installed is.
ensure_compiler() {
    local language=$1 present=$2 package
    shift 2
    "$present" && return 0
    if can_be_root && command -v apt-get >/dev/null; then
        for package; do
            say "installing the system package $package"
            apt_install "$package" && "$present" && return 0
        done
    fi
    say "there is no toolchain for $language, which is not graded; type: sudo apt-get install $1"
}

# --- 2. Python --------------------------------------------------------------------------------------------------------

# Prints "MAJOR.MINOR PATH" if $1 runs (a pyenv shim may not) and is a CPython that the locks cover.
probe_python() {
    "$1" -I - 2>/dev/null <<'PROBE'
import os, sys, sysconfig
supported = (3, 12) <= sys.version_info[:2] <= (3, 14) and sys.implementation.name == "cpython"
if supported and not sysconfig.get_config_var("Py_GIL_DISABLED"):
    base = getattr(sys, "_base_executable", None) or sys.executable
    print("%d.%d" % sys.version_info[:2], os.path.realpath(base))
PROBE
}

path_of() { probe_python "$1" | cut -d ' ' -f 2-; }

# The places to look, in order of preference.
python_candidates() {
    local name pyenv
    for name in python3.13 python3.14 python3.12 python3; do
        type -aP "$name" || true
    done
    pyenv=$(pyenv root 2>/dev/null || true)
    printf '%s\n' "${pyenv:-$HOME/.pyenv}"/versions/*/bin/python3.1[2-9]
    if command -v uv >/dev/null; then
        uv python find --no-python-downloads '>=3.12,<3.15' 2>/dev/null || true
    fi
}

# Prints the path of the first 3.13, or else of the first that fits.
find_python() {
    local candidate found first=
    if [[ -n ${PYTHON:-} ]]; then
        found=$(probe_python "$PYTHON" || true)
        [[ -n $found ]] ||
            fail "PYTHON=$PYTHON: expected a CPython 3.12 to 3.14 that runs, found: $("$PYTHON" -V 2>&1 | head -n 1)"
        printf '%s\n' "${found#* }"
        return
    fi
    while IFS= read -r candidate; do
        found=$(probe_python "$candidate" || true)
        if [[ $found == "3.13 "* ]]; then
            printf '%s\n' "${found#* }"
            return
        fi
        first=${first:-${found#* }}
    done < <(python_candidates)
    printf '%s\n' "$first"
}

# The last resort: uv fetches a CPython of its own. Prints its path, or nothing.
download_python() {
    local uv python
    uv=$(command -v uv || true)
    if [[ -z $uv ]] && command -v python3 >/dev/null; then
        tools=$(mktemp -d)
        trap 'rm -rf "$tools"' EXIT # this function runs in a subshell of its own
        python3 -m venv "$tools" >&2 && "$tools/bin/python" -m pip install --quiet uv >&2 && uv=$tools/bin/uv
    fi
    [[ -n $uv ]] || return 0
    say "found no Python 3.12 to 3.14 here; asking uv for Python 3.13" >&2
    UV_PYTHON_INSTALL_BIN=0 "$uv" python install 3.13 >&2 || return 0
    python=$(UV_PYTHON_PREFERENCE=only-managed "$uv" python find 3.13) && path_of "$python"
}

no_python() {
    fail "expected a CPython 3.12 to 3.14, found none that runs: looked for \$PYTHON, for python3.13, python3.14," \
        "python3.12 and python3 on PATH, for pyenv's versions and for uv's. Install one and run again, for example:" \
        "    apt-get install python3 python3-venv    (Debian 13, Ubuntu 24.04 and later)" \
        "    pyenv install 3.13" \
        "    uv python install 3.13" \
        "or name one: PYTHON=/path/to/python3.13 deploy/bootstrap.sh"
}

# --- 3. .venv ---------------------------------------------------------------------------------------------------------

# What .venv is made from: $1 is "service" or "dev".
stamp_of() {
    (
        cd "$repository"
        printf '%s\n' "$1" "$repository"
        cat deploy/bootstrap.sh pyproject.toml deploy/locks/tools.txt "deploy/locks/$1.txt"
    ) | sha256sum | cut -d ' ' -f 1
}

# Whether .venv is what is wanted, and runs. One made for development serves as well where only the service is wanted.
venv_is_current() {
    local stamp=
    [[ -r $venv/bootstrap-stamp ]] && stamp=$(<"$venv/bootstrap-stamp")
    [[ $stamp == "$(stamp_of "$1")" || $stamp == "$(stamp_of dev)" ]] || return 1
    [[ -n $(base_of_venv) ]] || return 1
    [[ -z ${PYTHON:-} || $(base_of_venv) == "$(path_of "$PYTHON" || true)" ]]
}

make_venv() {
    local python=$1
    say "making .venv with $python"
    rm -rf "$venv"
    has_venv_module "$python" || install_venv_module "$python"
    "$python" -I -m venv "$venv"
}

has_venv_module() { "$1" -I -c 'import ensurepip, venv' 2>/dev/null; }

# Debian ships the module venv in a package of its own.
install_venv_module() {
    local package
    package=python$("$1" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    if can_be_root && command -v apt-get >/dev/null; then
        say "installing the system package $package"
        apt_install "$package" || true
    fi
    has_venv_module "$1" ||
        fail "$1: expected the modules venv and ensurepip, found them missing; type this and run again:" \
            "    sudo apt-get update && sudo apt-get install $package"
}

# Makes .venv hold exactly what the lock of $1 ("service" or "dev") and of the tools name.
sync_venv() {
    local started=$SECONDS
    if [[ ! -x $venv/bin/uv ]]; then
        say "installing uv in .venv"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
            --only-binary :all: -r "$locks/tools.txt"
    fi
    say "installing deploy/locks/$1.txt in .venv"
    uv_pip sync --require-hashes --only-binary :all: "$locks/tools.txt" "$locks/$1.txt"
    uv_pip install --no-deps --no-build-isolation --editable "$repository"
    stamp_of "$1" >"$venv/bootstrap-stamp"
    say ".venv is ready ($((SECONDS - started)) s)"
}

uv_pip() {
    local verb=$1
    shift
    "$venv/bin/uv" pip "$verb" --quiet --python "$venv/bin/python" "$@"
}

ensure_venv() {
    local lock=$1 python
    venv_is_current "$lock" && return
    rm -f "$venv/bootstrap-stamp"
    python=$(find_python)
    [[ -n $python ]] || python=$(download_python)
    [[ -n $python ]] || no_python
    [[ $(base_of_venv) == "$python" ]] || make_venv "$python"
    sync_venv "$lock"
}

# The interpreter that .venv was made from; nothing if there is no .venv, or none that runs or that lay here when made.
base_of_venv() {
    if grep -qsF "$venv" "$venv/bin/activate"; then
        path_of "$venv/bin/python" || true
    fi
}

# --- 4. The candidate runtimes ----------------------------------------------------------------------------------------

ensure_runtimes() {
    local lock=$1 spec name python
    if [[ ! -w $runtime_root ]] && ! mkdir -p "$runtime_root" 2>/dev/null && can_be_root; then
        as_root install -d -m 755 -o "$(id -u)" "$runtime_root"
    fi
    python=$(base_of_venv)
    for spec in "$repository"/deploy/runtimes/*/; do
        name=$(basename "$spec")
        "$python" -I "$repository/deploy/build_runtime.py" "$name" --spec "$spec" \
            --root "$runtime_root" --python "$python" --uv "$venv/bin/uv" && continue
        [[ $lock != dev && $name != python3 ]] || fail "the runtime $name could not be built; the reason is above"
        say "the runtime $name could not be built: problems that ask for it are not graded; the reason is above"
    done
}

# --- The steps --------------------------------------------------------------------------------------------------------

main() {
    local lock=service runtime=yes
    for option in "$@"; do
        case $option in
        --dev) lock=dev ;;
        --no-runtime) runtime=no ;;
        *) fail "unknown option '$option'; known: --dev, --no-runtime" ;;
        esac
    done
    # Two bootstraps of one tree take turns; the lock is on the folder itself and ends with this process.
    exec 9<"$repository"
    flock 9
    ensure_system_libraries
    ensure_compilers
    ensure_venv "$lock"
    if [[ $runtime == yes ]]; then
        ensure_runtimes "$lock"
    fi
}

main "$@"
