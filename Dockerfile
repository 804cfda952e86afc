# Two images from one build stage: `--target exporter` and `--target alert-bridge`.
#
# Each holds the node binary, bash, the shared libraries these two need, and one bundled file: no package manager, no
# node_modules, no other program. Debian's slim node image is above 200 MB by itself; this is the node binary plus 10 MB.
# Run them with an init (`init: true`, `docker run --init`): a process that is PID 1 cannot kill itself, and a service
# whose event loop has stalled does exactly that.

FROM node:26-bookworm-slim AS build
# So that what the classic builder leaves of this stage can be told from other images and removed.
LABEL derivatives-alerts.stage=build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --loglevel=error
COPY common common
COPY exporter exporter
COPY alert-bridge alert-bridge
COPY engines/rules engines/rules
COPY scripts scripts
# The images hold no package.json that would say what a .js file is.
RUN node scripts/build.ts && for name in exporter alert-bridge render; do mv dist/$name.*js /tmp/$name && mv /tmp/$name dist/$name.mjs; done

# What the runtime stage copies as its whole file system. `ldd` names the libraries, so this holds on every architecture.
COPY docker/image/ /rootfs/app/
RUN set -eu; \
    for program in "$(command -v node)" /bin/bash; do \
      ldd "$program" | grep -o '/[^ ]*' | xargs cp -L --parents -t /rootfs; \
    done; \
    install -D -m 755 "$(command -v node)" /rootfs/usr/local/bin/node; \
    install -D -m 755 /bin/bash /rootfs/bin/bash; \
    mkdir -p /rootfs/etc /rootfs/tmp /rootfs/data /rootfs/rules /rootfs/secrets/bridge /rootfs/secrets/grafana /rootfs/secrets/given; \
    echo 'stack:x:10001:10001:stack:/data:/bin/bash' > /rootfs/etc/passwd; \
    echo 'stack:x:10001:' > /rootfs/etc/group; \
    echo 'hosts: files dns' > /rootfs/etc/nsswitch.conf; \
    chmod 755 /rootfs/app/*.sh; \
    chmod 1777 /rootfs/tmp; \
    chmod 750 /rootfs/secrets/bridge /rootfs/secrets/grafana; \
    chown -R 10001:10001 /rootfs/data /rootfs/rules /rootfs/secrets

FROM scratch AS runtime
COPY --from=build /rootfs/ /
# One malloc arena: with an arena per thread glibc keeps several megabytes that nobody uses. And what is freed goes back to the
# system: see supervisor/commands.ts.
ENV PATH=/usr/local/bin:/bin NODE_ENV=production DATA_DIR=/data \
    MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=16384 MALLOC_TRIM_THRESHOLD_=65536 MALLOC_TOP_PAD_=16384
USER 10001:10001
WORKDIR /app
ENTRYPOINT ["/bin/bash", "/app/run.sh"]
LABEL org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.vendor="derivatives-alerts" \
      org.opencontainers.image.version="0.1.0"

FROM runtime AS exporter
# The exporter, and what the service `render` of the compose file runs.
COPY --from=build /build/dist/exporter.mjs /build/dist/render.mjs /app/
ENV EXPORTER_HOST=0.0.0.0 EXPORTER_PORT=8002
EXPOSE 8002
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/bin/bash", "/app/health-check.sh", "8002"]
LABEL org.opencontainers.image.title="derivatives-alerts exporter" \
      org.opencontainers.image.description="Liquidations and open interest of Binance, Bybit and OKX as Prometheus metrics"
CMD ["/app/exporter.mjs"]

FROM runtime AS alert-bridge
COPY --from=build /build/dist/alert-bridge.mjs /app/
ENV BRIDGE_HOST=0.0.0.0 BRIDGE_PORT=8003
EXPOSE 8003
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/bin/bash", "/app/health-check.sh", "8003"]
LABEL org.opencontainers.image.title="derivatives-alerts alert-bridge" \
      org.opencontainers.image.description="Delivers Alertmanager's alerts to Telegram, durably"
CMD ["/app/alert-bridge.mjs"]
