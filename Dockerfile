# Tunnel Desk as an image, for a read-only root file system with a volume at /data.
#
# e2e/hosting runs these same instructions where there is no container engine, and knows only the kinds that stand here.

FROM node:24.21.0-bookworm-slim AS web
WORKDIR /app
COPY . .
RUN npm run setup -- --filter @tunnel-desk/web... && npm run build
RUN mkdir data

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY server/package.json server/
COPY shared/package.json shared/
RUN npm run setup -- --prod --filter @tunnel-desk/server...

FROM node:24.21.0-bookworm-slim
# On every address of the container, which the server refuses without a sign-in.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app ./
COPY server/start.js server/health-check.js server/
COPY server/src server/src
COPY shared/src shared/src
COPY --from=web /app/web/dist web/dist
COPY --from=web --chown=1000:1000 /app/data /data
# The image's user "node", by number, so that an orchestrator can tell that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["node", "server/health-check.js"]
CMD ["node", "server/start.js"]
