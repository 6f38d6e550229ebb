"""Day-partitioned Parquet files read by DuckDB: open, append, mirror, fold, compact. Knows nothing of what is stored.

    with open_lake() as con:                          # clients.lake.reading: DuckDB over the lake, in bounded memory
        view(con, "trades", days)                     # the published rows of these days, as a view of that name
    append("events", day, con, "SELECT …", key=("message_id",))   # clients.lake.append: each key once
    mirror_day(day=day, cutoff=cutoff)                # clients.lake.mirroring: the record's rows into the lake
    fold(running, day=day, cutoff=cutoff)             # clients.lake.folding: a running state, day by day
    compact("events", day)                            # clients.lake.append: many small files into one a bucket

On disk: `LAKE_DIR/<table>/day=YYYY-MM-DD/v=<version>/<part>.parquet` and beside the versions `manifest.json`, which
names the published one. Readers ask the manifest, writers swap it (`clients.lake.publishing`).
"""
