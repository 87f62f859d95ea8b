# syntax=docker/dockerfile:1
# Build: docker build -t signpost .
# Run:   docker run --read-only --tmpfs /tmp -p 8080:8080 -e SIGNPOST_SECRET=… signpost
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/signpost \
    && /opt/signpost/bin/python -m pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
COPY pyproject.toml hatch_build.py README.md LICENSE LICENSE-CONTENT ./
COPY bot ./bot
COPY intents ./intents
COPY agencies ./agencies
COPY locales ./locales
# The models are compiled here, so that a container starts without training anything.
RUN /opt/signpost/bin/uv pip install --python /opt/signpost/bin/python --no-cache '.[semantic,speed]' \
    && /opt/signpost/bin/signpost build \
    && /opt/signpost/bin/uv pip uninstall --python /opt/signpost/bin/python uv

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Signpost" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-4.0"
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin signpost
COPY --from=build /opt/signpost /opt/signpost
ENV PATH="/opt/signpost/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SIGNPOST_HOST=0.0.0.0 \
    SIGNPOST_PORT=8080
USER 10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['SIGNPOST_PORT'] + '/readyz', timeout=2)"]
ENTRYPOINT ["signpost"]
CMD ["serve"]
