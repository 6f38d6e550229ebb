"""Day-partitioned Parquet files read by DuckDB: open, append, mirror, fold, compact. Knows nothing of what is stored.

    with open_lake() as con:                          # .reading: DuckDB over the lake, in bounded memory
        view(con, "trades", days)                     # the published rows of these days, as a view of that name
    append("events", day, con, "fresh", key=("message_id",), order="client_id, message_id")   # .appending
    compact("events", day, con, order="client_id, message_id")       # .appending: many pieces into one a bucket
    mirror_day(day=day, cutoff=cutoff)                # .mirroring: the record's rows into the lake
    accept_loss("positions", first=day, last=day, now=now)   # .losses: go on without days that are lost
    fold(running, day=day, cutoff=cutoff)             # .folding: a state carried from day to day
    with writing("features", day) as draft: …         # .publishing: a whole day, atomically

On disk: `LAKE_DIR/<table>/day=YYYY-MM-DD/v=<version>/<part>.parquet` and beside the versions `manifest.json`, which
names the published one. Readers ask the manifest, writers swap it (`publishing`). `.daybooks/<table>.json` names
the days that were published, so that a lost one is missed (`daybook`).
"""
