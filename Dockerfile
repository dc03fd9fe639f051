# Builds the package, and installs it with its production dependencies. The final stage is the same release of Debian.
FROM node:26-bookworm-slim AS build

WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm pack --pack-destination /tmp

WORKDIR /app
# The package is installed by the lock file. --omit=optional must not be used: the binary of sharp for this platform is an optional
# dependency. The image has no development dependencies, such as test tools and the embedded PostgreSQL.
RUN tar --extract --gzip --file /tmp/cheershare-*.tgz --strip-components 1 \
    && cp /build/package-lock.json . && npm ci --omit=dev --no-audit --no-fund

# Node stores the code that it compiles, which halves the processor time of a start.
RUN NODE_COMPILE_CACHE=/app/compile-cache node --input-type=module -e "import { globSync } from 'node:fs'; for (const file of globSync('dist/{plugins,routes,src/process}/**/*.js')) await import('/app/' + file)"
RUN mkdir -p /data/uploads /data/state && chown -R node:node /data compile-cache && cp /usr/lib/*-linux-gnu/libatomic.so.1 /usr/local/lib/

# The base has the C and C++ libraries, certificates and no shell. Node and libatomic, which it needs, come from its own image.
FROM gcr.io/distroless/cc-debian12

COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /usr/local/lib/libatomic.so.1 /usr/lib/libatomic.so.1
COPY --from=build /app /app
# The account `node` (1000), to which the volumes of earlier images belong.
COPY --from=build /etc/passwd /etc/group /etc/
# A volume gets the owner of the folder that it is mounted over.
COPY --from=build --chown=1000:1000 /data /data

# Without MALLOC_* glibc does not return the memory that libvips frees, so memory grows with each image (docs/storage.md).
ENV PATH=/usr/local/bin \
    NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    STORAGE_URL=file:/data/uploads \
    DATA_DIR=/data/state \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=262144 \
    NODE_COMPILE_CACHE=/app/compile-cache

WORKDIR /app
VOLUME /data
USER node
EXPOSE 4000

HEALTHCHECK --interval=10s --timeout=3s --start-period=40s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# Arguments name a command, such as `migrate --yes`. The process is node and not npm, so that SIGTERM reaches the service.
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["serve"]
