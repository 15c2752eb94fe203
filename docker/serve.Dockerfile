# A small image that serves exported models over HTTP: `esmm-serve` and the libraries that it loads, no compiler, no Python.
#
#   docker build -f docker/serve.Dockerfile -t esmm-serve .
#   docker run --rm -p 8000:8000 -v "$PWD/runs/demo:/models:ro" esmm-serve demo=/models/model.pt
#   curl localhost:8000/v2/models/demo
#
# buildah and podman build the same file. BASE: a Debian 12 of your own.
ARG BASE=debian:bookworm-slim
FROM ${BASE} AS build
WORKDIR /opt/esmm
COPY scripts scripts
RUN scripts/setup.sh
COPY . .
RUN scripts/build.sh release esmm-serve && scripts/bundle.sh build/release/bin/esmm-serve /bundle

FROM ${BASE}
COPY --from=build /bundle /opt/esmm
RUN useradd --system --no-create-home --shell /usr/sbin/nologin esmm
USER esmm
ENV LD_LIBRARY_PATH=/opt/esmm/lib
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/esmm/bin/esmm-serve", "--host", "0.0.0.0"]
