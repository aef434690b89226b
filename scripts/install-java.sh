#!/usr/bin/env bash
# Sees to it that Java 17 or newer and Maven are there, for the Kafka of the tests. Where it cannot, it says so and succeeds:
# all other tests are worth running, and those of Kafka will fail by themselves.
set -euo pipefail

is_there() {
  local major
  major=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') || return 1
  ((${major:-0} >= 17)) && command -v mvn >/dev/null
}

give_up() {
  echo "The tests of Kafka will fail: $1. Install Java 17 or newer and Maven." >&2
  exit 0
}

is_there && exit 0
command -v apt-get >/dev/null || give_up 'Java 17 or Maven is missing, and there is no apt-get'
as_root=(env)
if ((EUID != 0)); then
  as_root=(sudo -n env)
  sudo -n true 2>/dev/null || give_up 'Java 17 or Maven is missing, and installing it takes root'
fi
apt() { "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >&2; }

echo 'Installing Java and Maven...' >&2
apt update || true
# The first that this release has.
for java in openjdk-17-jre-headless openjdk-21-jre-headless default-jre-headless; do
  apt install -y --no-install-recommends "$java" maven && is_there && exit 0
done
give_up 'apt-get could not install them'
