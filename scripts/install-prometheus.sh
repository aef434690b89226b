#!/usr/bin/env bash
# Sees to it that prometheus and promtool are there, for the tests of rules and dashboards: the programs of Debian's or Ubuntu's package
# alone, in the cache; no service is installed. Where it cannot, it says so and succeeds: all other tests are worth running, and those
# will fail by themselves.
set -euo pipefail

tools=${XDG_CACHE_HOME:-$HOME/.cache}/belfry/tools

is_there() {
  command -v prometheus >/dev/null && command -v promtool >/dev/null && return
  [[ -x $tools/prometheus && -x $tools/promtool ]]
}

give_up() {
  echo "The tests with Prometheus will fail: $1. Install Prometheus, 2.42 or newer." >&2
  exit 0
}

update() {
  local as_root=(env)
  if ((EUID != 0)); then
    as_root=(sudo -n env)
    sudo -n true 2>/dev/null || return 0
  fi
  "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || true
}

is_there && exit 0
command -v apt-get >/dev/null || give_up 'it is missing, and there is no apt-get'

echo 'Getting Prometheus...' >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download prometheus >&2 || { update; apt-get -qq download prometheus >&2; } || give_up 'apt-get could not get it'
dpkg-deb -x prometheus_*.deb .
mkdir -p "$tools"
install -m 755 usr/bin/prometheus usr/bin/promtool "$tools"
is_there || give_up 'the package has no programs'
