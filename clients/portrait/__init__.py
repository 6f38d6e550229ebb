"""What we conclude: features as SQL, one wide row per client and day, and traits.

    services.mirror_day(day=day, cutoff=cutoff) -> {lake table: rows of the day}
    services.compute_features(day=day, cutoff=cutoff) -> version (16 hex digits; the same rows, the same version)
    selectors.feature_version(day) -> version or None
    selectors.open_features(day) -> context manager lending (DuckDB connection, SQL of the feature rows)
    selectors.stale_features(day) -> features unknown for everybody that day: their source brought nothing
    selectors.failed_features(day) -> features unknown for everybody that day: the file of their group failed
    selectors.kept_groups(day) -> groups whose file failed when the same was computed again: their values stayed
    selectors.waiting_features() -> features that nothing computes yet, each with the source it waits for
    selectors.catalogue_text() -> the catalogue as YAML in the engine's keys
    selectors.feature_row(day, client_id) -> {column: value} or None

`cutoff` is a moment of arrival (aware): rows with a later `arrived_at` are not seen. `arrived_at` is set by the
database's clock, so the cutoff of an ordinary run is the present moment, also when the day lies in the past.

The row, in `lake/features/day=T`, one for every client of the register: `client_id`; the columns the gates ask for
(`branch_id manager_id is_individual client_status account_status own_staff deceased`); every active feature of
the catalogue in its type (decimal DECIMAL(20,6), int BIGINT, bool BOOLEAN, date DATE, text and enum VARCHAR); and
`<feature>__key`, the object that gave the value (a security as `600519.SH`), where the catalogue says `key: true`.

A feature group is one SELECT in `features/<group>.sql`, its entries of the catalogue stand beside it in
`<group>.yaml` (source tables and units in `features/catalogue.yaml`). The line `-- reads:` names the tables a SELECT
needs and how many natural days of them up to the day (none for the state of the day). `features/shared/` holds views
that several groups read, `running/` the states that are carried from day to day, `daily/` tables with one row per
client and day, which long windows read (docs/adr/0010).
"""
