"""Alembic's entry: it connects with the address that `migrate` was given, through psycopg 3."""

import psycopg
from alembic import context
from sqlalchemy import create_engine, pool

dsn = context.config.attributes["dsn"]


def connect() -> psycopg.Connection:
    connection = psycopg.connect(dsn, connect_timeout=10)
    connection.execute("SET lock_timeout = '10s'")
    connection.commit()
    return connection


engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
