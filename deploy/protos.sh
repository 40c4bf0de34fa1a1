#!/usr/bin/env bash
# Generates judge/api from protos/, or checks that what is committed is what protos/ generates.
#
#   deploy/protos.sh generate    replaces judge/api/v1/*_pb2*
#   deploy/protos.sh check       generates elsewhere and compares; exit 1 on a difference
#
# The modules are generated for the path that the .proto files have below protos/ (judge/api/v1/grading.proto becomes
# judge.api.v1.grading_pb2), so they import each other without patching. google/rpc/*.proto come from the installed
# googleapis-common-protos. The generator's version is the one in deploy/locks/dev.txt.
set -euo pipefail
shopt -s nullglob

cd "$(dirname "${BASH_SOURCE[0]}")/.."
package=judge/api/v1
python=.venv/bin/python
docstring="Generated from protos/ by \`make protos\`; never edited."

fail() {
    printf 'protos: %s\n' "$@" >&2
    exit 1
}

generate_into() {
    local sources=(protos/"$package"/*.proto) site
    ((${#sources[@]})) || fail "expected .proto files in protos/$package, found none"
    site=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    "$python" -W ignore -m grpc_tools.protoc -I protos -I "$site" \
        --python_out="$1" --pyi_out="$1" --grpc_python_out="$1" "${sources[@]}"
}

replace_generated() {
    local folder
    for folder in judge/api "$package"; do
        mkdir -p "$folder"
        [[ -e $folder/__init__.py ]] || printf '"""%s"""\n' "$docstring" >"$folder/__init__.py"
    done
    rm -f "$package"/*_pb2*.py "$package"/*_pb2*.pyi
    cp "$1/$package"/* "$package"/
}

check_generated() {
    diff -ru --exclude=__init__.py --exclude=__pycache__ "$package" "$1/$package" ||
        fail "expected $package as protos/ generates it, found the differences above; run \`make protos\`"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
case ${1:-} in
generate)
    generate_into "$scratch"
    replace_generated "$scratch"
    ;;
check)
    generate_into "$scratch"
    check_generated "$scratch"
    ;;
*) fail "expected 'generate' or 'check', found '${1:-}'" ;;
esac
