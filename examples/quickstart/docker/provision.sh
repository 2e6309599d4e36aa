#!/bin/sh
# Runs in Packer's container, where the project's folders are mounted under $_P.
set -eu

for step in "$_P"/provision/*.sh; do
  echo "$step"
  sh -eu "$step"
done

echo "app-base  Packer, provisioned from $_P" >> /etc/chain
