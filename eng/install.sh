# shellcheck shell=bash disable=SC2015
# Sourced by ./run, ./test and eng/package.sh: checks what is needed on this machine and installs what it may.
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

have() {
    command -v "$1" >/dev/null
}

# quietly WHAT COMMAND...: shows the command's output only when it fails.
quietly() {
    local output
    output=$("${@:2}" 2>&1) || fail "$1 failed:"$'\n'"$output"
}

# apt_install PACKAGE
apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
    ((EUID == 0)) || apt=(sudo -n "${apt[@]}")
    if ! have apt-get || ! { ((EUID == 0)) || sudo -n true; } &>/dev/null; then
        fail "$1 is missing; install it, on Debian or Ubuntu with: sudo apt-get install $1"
    fi
    echo "Installing $1."
    quietly "apt-get update" "${apt[@]}" update
    quietly "The installation of $1" "${apt[@]}" install --yes --no-install-recommends "$1"
}

# What a build needs: the SDK, and the packages whose files it copies.
install_build_tools() {
    local sdk installed=$root/node_modules/.package-lock.json
    have dotnet || fail "The .NET 10 SDK is missing; install it from https://dotnet.microsoft.com/download"
    sdk=$(cd -- "$root" && dotnet --version 2>/dev/null) && [[ $sdk == 10.* ]] ||
        fail "HlsCache needs the .NET 10 SDK, which is not among those installed; get it from https://dotnet.microsoft.com/download"
    have node && have npm || fail "Node.js 20 or later with npm is missing; install it from https://nodejs.org"
    [[ $(node --version) =~ ^v([0-9]+) ]] && ((BASH_REMATCH[1] >= 20)) ||
        fail "HlsCache needs Node.js 20 or later, not $(node --version); get it from https://nodejs.org"
    if [[ ! -e $installed || $root/package-lock.json -nt $installed ]]; then
        echo "Installing npm packages."
        quietly "npm ci" npm ci --no-audit --no-fund --prefix "$root"
    fi
}

install_tools() {
    install_build_tools
    have setsid && have flock || fail "setsid and flock are missing; install the package util-linux"
    have ffmpeg && have ffprobe || apt_install ffmpeg

    # The executables look for the runtime in fixed places unless told where this dotnet is.
    DOTNET_ROOT=${DOTNET_ROOT:-$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")}
    export DOTNET_ROOT
}

# build PROJECT [OPTION...]: no compiler server stays behind.
build() {
    quietly "The build" dotnet build "$root/$1" "${@:2}" --configuration Release --verbosity quiet --nologo --disable-build-servers
}
