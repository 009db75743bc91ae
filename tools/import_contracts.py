"""A computed import contract: in every package, interfaces import services, never the reverse."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

# From the top: a layer may import the layers below it. Modules of other names are between `forms` and `models`: they
# import no interface, and may import each other.
OPERATIONS, ROUTES, INTERFACES, FORMS, SERVICES, QUERIES, MODELS = range(7)
RANKS = {
    "operations": OPERATIONS,
    "urls": ROUTES,
    **dict.fromkeys(("admin", "api", "checks", "middleware", "tasks", "views"), INTERFACES),
    "forms": FORMS,
    "services": SERVICES,
    "queries": QUERIES,
    "models": MODELS,
}


class PackageContract(Contract):
    """Covers each package directly in `containers`, also new ones."""

    containers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return whether every import in every package points downward."""
        found = [
            (importer, imported)
            for container in self.containers  # type: ignore[attr-defined]  # a field is a list in an instance
            for package in sorted(graph.find_children(container))
            for importer, imported in _upward_imports(graph, package)
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that points upward."""
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} is not allowed to import {imported}.")


def _upward_imports(graph: ImportGraph, package: str) -> list[tuple[str, str]]:
    return [
        (importer, imported)
        for importer in sorted(graph.find_descendants(package))
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported.startswith(f"{package}.") and not _is_allowed(_layer(package, importer), _layer(package, imported))
    ]


def _layer(package: str, module: str) -> str:
    """Return the name of the file or folder directly in the package; `people_admin` counts as `admin`."""
    name = module.removeprefix(f"{package}.").partition(".")[0]
    return "admin" if name.endswith("_admin") else name


def _is_allowed(importer: str, imported: str) -> bool:
    if importer == imported:
        return True
    above: Any = RANKS.get(importer, FORMS)
    below: Any = RANKS.get(imported, MODELS)
    if importer not in RANKS:
        return bool(below > INTERFACES)
    return bool(above < below) or imported not in RANKS
