#!/usr/bin/env bash
# Sees to it that a Chromium is there, for the tests of the user interface; with it comes a font with emoji. Where it cannot, it says so and
# succeeds: all other tests are worth running, and those in the browser will fail by themselves.
set -euo pipefail

is_there() {
  [[ -n ${CHROMIUM-} || -x /usr/bin/chromium || -x /usr/bin/google-chrome ]]
}

give_up() {
  echo "The tests in the browser will fail: $1. Install Chromium, or set CHROMIUM to the path of one." >&2
  exit 0
}

is_there && exit 0
command -v apt-get >/dev/null || give_up 'it is missing, and there is no apt-get'
as_root=(env)
if ((EUID != 0)); then
  as_root=(sudo -n env)
  sudo -n true 2>/dev/null || give_up 'it is missing, and installing it takes root'
fi
apt() { "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >&2; }

echo 'Installing Chromium...' >&2
apt update || true
apt install -y --no-install-recommends chromium fonts-noto-color-emoji && is_there && exit 0
give_up 'apt-get could not install it'
