"""Day-partitioned Parquet files read by DuckDB: open, append, mirror, compact. Knows nothing of what is stored."""
