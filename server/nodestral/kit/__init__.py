"""What every domain stands on: problems, the database, Valkey, authorization, time. It knows no domain."""
