FROM node:26-slim

# Without MALLOC_* glibc does not return the memory that libvips frees, so memory grows with each image (docs/storage.md).
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    STORAGE_URL=file:/data/uploads \
    DATA_DIR=/data/state \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=262144 \
    NODE_COMPILE_CACHE=/app/compile-cache

WORKDIR /app

# The image has no development dependencies, such as test tools and the embedded PostgreSQL. --omit=optional must not be used: the
# binary of sharp for this platform is an optional dependency.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force

COPY db db
COPY plugins plugins
COPY routes routes
COPY src src

# A volume gets the owner of the folder that it is mounted over.
RUN mkdir -p /data/uploads /data/state compile-cache && chown -R node:node /data compile-cache
VOLUME /data
USER node
# Node stores the code that it compiles, which halves the processor time of a start.
RUN node --input-type=module -e "import { globSync } from 'node:fs'; for (const file of globSync('{plugins,routes,src/process}/**/*.ts')) await import('/app/' + file)"
EXPOSE 4000

HEALTHCHECK --interval=10s --timeout=3s --start-period=40s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# The command is node and not npm, so that SIGTERM reaches the service.
CMD ["node", "src/server.ts"]
