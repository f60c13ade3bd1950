# The bot for a container: docs/hosting.md. tests/hosting/container.test.ts keeps this in step with package.json.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Types, source maps and documentation are 48 of 118 MB, and nothing reads them while the bot runs.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.md' \) -delete

FROM node:24-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data HTTP_PORT=8080
# A new volume takes its owner from here.
RUN mkdir -m 0700 /data && chown node:node /data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY migrations ./migrations
COPY src ./src
# Compiled code is kept here between starts.
RUN mkdir -p node_modules/.cache/assistarr && chown node:node node_modules/.cache/assistarr
USER node
VOLUME /data
# Node by itself: the image has no curl. Asked within the container, where HTTP_HOST is the loopback unless it is set.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# What `npm start` runs, without npm in between: signals must reach the bot.
CMD ["node", "--max-semi-space-size=4", "src/start.js"]
