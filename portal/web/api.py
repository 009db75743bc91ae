"""The REST root: `/api/v1/`, its schema and its reference."""

from typing import Any

from csp.decorators import csp_update
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.operations.collecting import modules_of_all
from privacy.rest.endpoints import Endpoint
from privacy.rest.problems import NOT_FOUND, PROBLEMS, Problem
from privacy.rest.schema import operation
from privacy.subjects.markers import open_at_the_gate


class ProblemKind(serializers.Serializer):
    """The meaning of a problem code."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()


class Problems(Endpoint):
    """What each `type` of a problem leads to."""

    public = True

    @operation(
        "problem",
        "Explain the code of a problem",
        answers={200: ProblemKind},
        errors=[NOT_FOUND],
        public=True,
        tag="Problems",
    )
    def get(self, request: Request, code: str) -> Response:
        """Answer in the requested language."""
        kind = PROBLEMS.get(code)
        if kind is None:
            raise Problem(NOT_FOUND)
        return Response({"code": kind.code, "status": int(kind.status), "title": str(kind.title)})


class UnknownAddress(Endpoint):
    """Every other URL under `/api/`: always 404."""

    public = True
    schema: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer 404 for every method."""
        super().initial(request, *args, **kwargs)
        raise Problem(NOT_FOUND)


# The reference has icons in its own style sheet; scripts and styles come from this site only.
reference = csp_update({"img-src": ["data:"]})(SpectacularSwaggerSplitView.as_view(url_name="rest_schema"))

urlpatterns = [
    *(route for urls in modules_of_all("urls") for route in getattr(urls, "rest", [])),
    path("problems/<slug:code>", Problems.as_view(), name="rest_problem"),
    path("schema/", open_at_the_gate(SpectacularAPIView.as_view()), name="rest_schema"),
    path("docs/", open_at_the_gate(reference), name="rest_docs"),
    re_path("", UnknownAddress.as_view()),
]
