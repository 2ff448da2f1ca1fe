# Two stages: the wheel is built from this checkout, the image holds only what it needs to run.
#   docker build -t tanggap .
FROM python:3.11-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# npm comes from a Python package where there is none.
RUN make wheel
RUN python -m venv /opt/tanggap \
 && /opt/tanggap/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt \
 && /opt/tanggap/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.11-slim
COPY --from=build /opt/tanggap /opt/tanggap
ENV PATH=/opt/tanggap/bin:$PATH PYTHONUNBUFFERED=1
# What running leaves behind goes into var/ below this folder.
RUN useradd --uid 10001 --home-dir /data tanggap && install -d -o tanggap -g tanggap -m 0700 /data
WORKDIR /data
VOLUME /data
USER tanggap
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["complaints", "run", "--host", "0.0.0.0", "--port", "8000"]
