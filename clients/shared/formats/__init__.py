"""How days and times are written where no template says it: 2026-11-22 19:30 in both languages, as everywhere else."""
