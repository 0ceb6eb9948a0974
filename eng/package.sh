#!/usr/bin/env bash
# Publishes the function app for Azure and zips it: eng/package.sh [out.zip]
set -euo pipefail
# shellcheck source=eng/install.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/install.sh"

case ${1-} in -*) echo "Usage: eng/package.sh [out.zip]" && exit ;; esac
(($# <= 1)) || fail "only the name of the zip is taken: eng/package.sh [out.zip]"
zip=$(realpath -m -- "${1:-$root/artifacts/functions.zip}")

install_build_tools
have zip || apt_install zip

# In a place of its own, so that builds for this machine do not have to start over.
published=$root/artifacts/package/publish/HlsCache.Functions/release_linux-x64
rm -rf -- "$published"
quietly "The publish" dotnet publish "$root/src/Functions" --configuration Release --runtime linux-x64 --self-contained \
    --artifacts-path "$root/artifacts/package" --property:RunAnalyzers=false --verbosity quiet --nologo --disable-build-servers

# With modes, which the host needs to start the executable, and with times, by which browsers ask whether a page has changed.
mkdir -p -- "$(dirname -- "$zip")"
rm -f -- "$zip"
(cd -- "$published" && find . -type f | LC_ALL=C sort | zip --quiet --names-stdin "$zip")
echo "$zip"
