"""SELECTs of the tables that hold one row per client and day, one file each (see `clients/portrait/daytables.py`)."""
