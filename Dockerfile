# The command `muster` and nothing else, for a user without rights; it serves HTTP, and what it keeps lies in /data.
FROM python:3.13.14-slim-trixie AS base


FROM base AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/muster
COPY requirements.lock ./
RUN pip --python /opt/muster install --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY index-templates index-templates
COPY src src
RUN pip --python /opt/muster install --no-deps --no-index --no-build-isolation .


FROM base
LABEL org.opencontainers.image.title="Muster" \
      org.opencontainers.image.description="Data products whose members are defined by a query" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 muster \
 && useradd --uid 10001 --gid muster --no-create-home --home-dir /data --shell /usr/sbin/nologin muster \
 && install --directory --owner muster --group muster --mode 0750 /data
COPY --from=build /opt/muster /opt/muster
ENV PATH=/opt/muster/bin:$PATH MUSTER_DATA=/data MUSTER_SERVE_HOST=0.0.0.0 MUSTER_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8585
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=30s --start-period=60s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8585/readyz', timeout=25)"]
ENTRYPOINT ["muster"]
CMD ["serve"]
