#!/bin/sh
# Runs once, when the database's volume is empty: roles with the passwords of the secret files, then the database.
set -eu
run() { psql --no-psqlrc --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }
run --dbname postgres --file /roles.sql
for role in owner app; do
    run --dbname postgres --set=password="$(cat "/run/secrets/database_$role")" <<SQL
ALTER ROLE relay_$role PASSWORD :'password';
SQL
done
run --dbname postgres --command "CREATE DATABASE relay60 TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' OWNER relay_owner"
run --dbname relay60 --command "CREATE EXTENSION postgis" --command "CREATE EXTENSION pg_trgm"
