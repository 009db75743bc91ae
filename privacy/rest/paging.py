"""Lists in pages, with an opaque cursor that new rows do not shift."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """At most 50 rows a page, 20 unless `page_size` says otherwise."""

    page_size = 20
    max_page_size = 50
    page_size_query_param = "page_size"
