# Two stages: the packages are built once, the image that runs holds no compiler and no root.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
COPY requirements/bootstrap.txt requirements/base.txt requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
 && /venv/bin/uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements/base.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin minibatch \
 && mkdir /data && chown minibatch /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY --chown=root:root . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
USER minibatch
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/', timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
