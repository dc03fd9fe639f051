FROM node:26-slim

# MALLOC_*: else glibc keeps what libvips frees for itself, and memory grows with each image (docs/storage.md).
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    STORAGE_URL=file:/data/uploads \
    DATA_DIR=/data/state \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=262144

WORKDIR /app

# Without the development dependencies: no test tools, no embedded PostgreSQL. Not --omit=optional: sharp's binary
# for this platform is an optional dependency.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force

COPY db db
COPY plugins plugins
COPY routes routes
COPY src src

# Volumes take the owner of the folder they are mounted over.
RUN mkdir -p /data/uploads /data/state && chown -R node:node /data
VOLUME /data
USER node
EXPOSE 4000

HEALTHCHECK --interval=10s --timeout=3s --start-period=40s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# node itself, not npm, so that SIGTERM reaches the service.
CMD ["node", "src/server.ts"]
