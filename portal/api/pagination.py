"""Lists are read newest first by cursor: no page number shifts while rows arrive."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """50 rows a page, by id descending."""

    page_size = 50
    ordering = "-pk"
