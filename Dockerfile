# The image of one service: docker build --build-arg SERVICE=auth . (with BuildKit)
FROM node:24-trixie-slim AS base
# By it ./prod.sh finds what earlier versions left behind.
LABEL bw.project=nestjs-microservices
# The base image brings Yarn 1; --force lets version 4 take its name.
RUN npm install --global --force --no-audit --no-fund --loglevel=error @yarnpkg/cli-dist@4.18.1 \
 && npm cache clean --force && rm -rf /tmp/*
WORKDIR /app

# Every package.json and nothing else: what is installed from them is reused until one of them changes.
FROM base AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name yarn.lock ! -name .yarnrc.yml -delete \
 && find . -type d -empty -delete \
 # A clone made under a strict umask can be read by its owner only, who is root in the image.
 && chmod -R a+rX .

FROM base AS packages
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.yarn \
    yarn workspaces focus --production $(grep -h '"name"' */package.json | cut -d '"' -f 4)

# Sources are mounted over it: docker-compose.dev.yml.
FROM packages AS development
ENV SHELL=/bin/bash

# What the Prisma CLI reads of the packages: it takes longest to be found out, and does not change with the sources.
FROM packages AS prisma
COPY scripts/build scripts/build
COPY deploy/image deploy/image
RUN node deploy/image/packages.mjs /out/packages node_modules/prisma/build/index.js

# The tool that deploys migrations, and what else is in every service: changes seldom, and is done once for all.
FROM prisma AS shared
COPY .swcrc ./
COPY scripts/build.mjs scripts/
COPY migrations migrations
RUN node scripts/build.mjs migrations && node deploy/image/packages.mjs /out/packages migrations/dist
COPY contracts contracts
COPY service-kit service-kit
RUN node scripts/build.mjs --no-bundle

# What prepares a database, for all services: the sources of every one, none of them built.
FROM shared AS tools
COPY . .
RUN node scripts/build.mjs migrations scripts

# What the service needs of the packages, its migrations and their tool; what it runs is the bundle, which has the rest.
FROM shared AS service
ARG SERVICE
COPY ${SERVICE}/prisma ${SERVICE}/prisma
COPY ${SERVICE}/prisma.config.ts ${SERVICE}/
# Its Prisma client and its packages, which an edit of other sources leaves as they are.
RUN mkdir "${SERVICE:?}/src" && node scripts/build.mjs --no-bundle "$SERVICE" \
 && node deploy/image/packages.mjs /out/packages "$SERVICE"
COPY ${SERVICE} ${SERVICE}
RUN node scripts/build.mjs "$SERVICE" \
 && mkdir /out/workspaces && cp -r migrations "$SERVICE" /out/workspaces && cd /out/workspaces \
 && find . -type d \( -name src -o -name node_modules \) -prune -exec rm -r {} + \
 && find migrations -name '*.map' -delete \
 && rm -r "$SERVICE/dist" && mv "$SERVICE/bundle" "$SERVICE/dist" && chmod -R a+rX /out/workspaces

FROM base AS runtime
ARG SERVICE
ENV NODE_ENV=production SHELL=/bin/bash
# As nodeFlags and allocatorSettings in scripts/src/dev/service-process.ts, which says why; the heap is bounded by the container.
ENV NODE_OPTIONS="--enable-source-maps --max-semi-space-size=4" MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576
COPY --from=packages /app/.yarn .yarn
COPY --from=manifests /app ./
COPY --from=service /out/packages ./
COPY --from=service /out/workspaces ./
WORKDIR /app/$SERVICE
USER node
# By bash, which starts at once also on a machine that is busy; and patiently, as a slow answer there is an answer too.
HEALTHCHECK --interval=5s --timeout=30s --start-period=120s --retries=3 \
  CMD ["bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/$HTTP_PORT\" && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["./docker-entrypoint.sh"]
