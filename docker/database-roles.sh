#!/bin/sh
# Runs once, when the database is made. The owner's role changes tables; the site's own can only read and write rows.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v owner="$(cat /run/secrets/owner-password)" -v site="$(cat /run/secrets/site-password)" <<'SQL'
CREATE ROLE minibatch_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE minibatch_site LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'site';
CREATE DATABASE minibatch OWNER minibatch_owner;
REVOKE ALL ON DATABASE minibatch FROM PUBLIC;
GRANT CONNECT ON DATABASE minibatch TO minibatch_site;
\connect minibatch
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO minibatch_owner;
GRANT USAGE ON SCHEMA public TO minibatch_site;
ALTER DEFAULT PRIVILEGES FOR ROLE minibatch_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO minibatch_site;
ALTER DEFAULT PRIVILEGES FOR ROLE minibatch_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO minibatch_site;
SQL
