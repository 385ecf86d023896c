# Tunnel Desk as an image, for a read-only root file system with a volume at /data.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm run setup -- --filter @tunnel-desk/web... && npm run build && sh server/deploy/assemble.sh /app
RUN mkdir /data

FROM node:24.21.0-bookworm-slim
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
CMD ["node", "server/start.js"]
