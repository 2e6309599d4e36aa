#!/bin/sh
# Runs in Packer's container, in which systemd is process 1.
set -eu

# systemd may not answer yet; "degraded" is as good as "running" in a container.
tries=0
until systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "systemd is not up after ${tries} s" >&2
    systemctl list-jobs >&2 || true
    exit 1
  fi
  sleep 1
done

systemctl daemon-reload
systemctl enable --now demo.service
systemctl is-active demo.service
systemctl is-enabled demo.service
cat /var/lib/demo/started
