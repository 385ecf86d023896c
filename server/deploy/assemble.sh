#!/bin/sh
# Puts together, in an empty folder, what a server needs to run, and nothing else: its sources, the built web app, and
# production dependencies. The image and an installation under systemd both get it from here.
#
#   npm run setup && npm run build && sh server/deploy/assemble.sh /opt/tunnel-desk
set -eu

target=${1:?'usage: assemble.sh <folder>'}
cd "$(dirname "$0")/../.."
if [ ! -f web/dist/index.html ]; then
  echo 'web/dist is missing: run "npm run build" first' >&2
  exit 1
fi

mkdir -p "$target/server" "$target/shared" "$target/web"
cp package.json pnpm-lock.yaml pnpm-workspace.yaml "$target"
cp server/package.json server/start.js server/health-check.js "$target/server"
cp shared/package.json "$target/shared"
cp -R server/src "$target/server"
cp -R shared/src "$target/shared"
cp -R web/dist "$target/web"
pnpm=$PWD/.package-manager/node_modules/pnpm/bin/pnpm.mjs
cd "$target"
node "$pnpm" install --frozen-lockfile --prod --filter '@tunnel-desk/server...'
