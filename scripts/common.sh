# What demo and test share: messages, and installing Debian packages. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "${0##*/}: $*" >&2; }

fail() {
    say "$@"
    exit 1
}

# Prints those of the packages that are not installed. Where there is no dpkg, nothing is known to be missing.
missing_packages() {
    command -v dpkg-query >/dev/null || return 0
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

# Runs a command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs what is missing of the packages. Fails, with a line that says what to do, where it cannot.
install_packages() {
    local missing=()
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    local command="apt-get install --no-install-recommends ${missing[*]}"
    if ! command -v apt-get >/dev/null; then
        say "no apt-get here; missing: ${missing[*]}"
        return 1
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        say "not root and no sudo here; as root, run: $command"
        return 1
    fi
    say "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3 update >&2 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 install \
        --no-install-recommends "${missing[@]}" </dev/null >&2 || {
        say "could not install; try: $command"
        return 1
    }
}

# Swift and the libraries that the package links.
require_build_tools() {
    command -v swift >/dev/null || fail "Swift 6.2 or later is needed: https://www.swift.org/install"
    if command -v apt-get >/dev/null; then
        install_packages libopenblas-dev zlib1g-dev libsqlite3-dev pkg-config || exit 1
    elif command -v pkg-config >/dev/null && pkg-config --exists openblas zlib sqlite3; then
        :
    else
        fail "OpenBLAS, zlib, SQLite and pkg-config are needed (with Homebrew: brew install openblas zlib sqlite pkgconf)"
    fi
}
