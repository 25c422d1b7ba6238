# Two stages: the packages are built once, the image that runs holds no compiler and no root.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
ARG S3=
COPY requirements/bootstrap.txt requirements/base.txt requirements/s3.txt requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
 && /venv/bin/uv pip install --no-cache --compile-bytecode --python /venv/bin/python --require-hashes -r requirements/base.txt \
 && if [ -n "$S3" ]; then /venv/bin/uv pip install --no-cache --compile-bytecode --python /venv/bin/python --require-hashes -r requirements/s3.txt; fi

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin minibatch \
 && mkdir /data && chown minibatch /data
COPY --from=packages /venv /venv
WORKDIR /app
# By list: whatever else lies in the folder, such as secrets, stays out of the image.
COPY --chown=root:root manage.py pyproject.toml LICENSE ./
COPY --chown=root:root config/ config/
COPY --chown=root:root community/ community/
COPY --chown=root:root curriculum/ curriculum/
COPY --chown=root:root demo/ demo/
COPY --chown=root:root fields/ fields/
COPY --chown=root:root lists/ lists/
COPY --chown=root:root look/ look/
COPY --chown=root:root mail/ mail/
COPY --chown=root:root documents/ documents/
COPY --chown=root:root members/ members/
COPY --chown=root:root notifications/ notifications/
COPY --chown=root:root operate/ operate/
COPY --chown=root:root papers/ papers/
COPY --chown=root:root pictures/ pictures/
COPY --chown=root:root progress/ progress/
COPY --chown=root:root search/ search/
COPY --chown=root:root bookmarks/ bookmarks/
COPY --chown=root:root text/ text/
COPY --chown=root:root static/ static/
COPY --chown=root:root templates/ templates/
COPY --chown=root:root django_templates/ django_templates/
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data
RUN /venv/bin/python -m compileall -q /app  # the containers cannot write
USER minibatch
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/', timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--config", "python:operate.gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2"]
