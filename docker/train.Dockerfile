# An image that generates, prepares, trains, evaluates and exports: `esmm` with LibTorch and Arrow.
#
#   docker build -f docker/train.Dockerfile -t esmm-train .
#   docker build -f docker/train.Dockerfile -t esmm-train-cuda --build-arg SETUP=--cuda .      (with the kernels for a GPU: docker run --gpus all)
#   docker run --rm -v "$PWD:/data" -w /data esmm-train esmm train configs/demo.yaml
#
# buildah and podman build the same file. BASE: a Debian 12 of your own.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
ARG SETUP=""
WORKDIR /opt/esmm
COPY scripts scripts
RUN scripts/setup.sh ${SETUP} && rm -rf ~/.cache /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
COPY . .
RUN scripts/build.sh release esmm && ln -s /opt/esmm/build/release/bin/esmm /usr/local/bin/esmm
CMD ["esmm", "--help"]
