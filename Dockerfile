# Tunnel Desk as an image, for a read-only root file system with a volume at /data.
#
# The base image is pinned by the digest of its index for all platforms. To renew it, as for a fix in Debian or a new Node.js:
#   docker pull node:24.21.0-bookworm-slim
#   docker image inspect --format '{{index .RepoDigests 0}}' node:24.21.0-bookworm-slim
# and put what that prints behind the @, in both lines. Docker's own record of each: github.com/docker-library/repo-info.

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /source
COPY . .
RUN npm run setup -- --filter @tunnel-desk/web... && npm run build && sh server/deploy/assemble.sh /app
RUN mkdir /data

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
# On every address of the container, which the server refuses without a sign-in.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=1000:1000 /data /data
# The image's user "node", by number, so that an orchestrator can tell that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["node", "server/health-check.js"]
CMD ["node", "--disable-sigusr1", "server/start.js"]
