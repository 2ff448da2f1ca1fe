#!/usr/bin/env bash
# Put a Chromium on the PATH for the browser stories, or say in one sentence why not.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then
        exit 0
    fi
done
if ! command -v apt-get >/dev/null; then
    echo "No Chromium on the PATH, and this machine has no apt-get to install Debian's: please install a Chromium." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "No Chromium on the PATH, and installing it needs root: please run 'apt-get install chromium fonts-liberation' as root." >&2
    exit 1
fi
echo "Installing Debian's chromium for the browser stories ..."
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation; } >/dev/null; then
    echo "Debian's chromium could not be installed: please install a Chromium by hand." >&2
    exit 1
fi
