"""A small sample branch as files in the shapes of the importer: invented people and companies, real rules.

The files are the same to the byte for the same trading days, number of clients and seed. Nothing here touches
Django or a database; the files are taken in by `manage.py import KIND FILE`. Who is in the branch and why is
told in `story.py`; broken copies of the files, for tests, are made by `bad.py`.
"""

from portal.demo.sample.write import write_sample

__all__ = ["write_sample"]
