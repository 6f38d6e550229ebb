"""Ground for every floor: money, the clock, masking, encrypted fields, live channel versions, the job row."""
