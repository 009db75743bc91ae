"""The computed contract finds an import that points upward, in any package."""

import pytest
from grimp import ImportGraph

from tools.import_contracts import PackageContract

pytestmark = pytest.mark.embedded

SHOP = "privacy.shop"


def is_kept(importer: str, imported: str) -> bool:
    graph = ImportGraph()
    for module in ("privacy", SHOP, f"{SHOP}.{importer}", f"{SHOP}.{imported}"):
        graph.add_module(module)
    graph.add_import(importer=f"{SHOP}.{importer}", imported=f"{SHOP}.{imported}")
    contract = PackageContract(name="", session_options={}, contract_options={"containers": ["privacy"]})
    return contract.check(graph, verbose=False).kept


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("models", "queries"),
        ("queries", "services"),
        ("services", "forms"),
        ("forms", "views"),
        ("views", "urls"),
        ("urls", "operations"),
        ("views", "api"),
        ("receipts", "api"),
        ("receipts", "operations"),
        ("services", "people_admin"),
    ],
)
def test_an_import_that_points_upward_or_sideways_is_found(importer: str, imported: str):
    assert not is_kept(importer, imported)
    assert is_kept(imported, importer) or imported in ("api", "people_admin")


@pytest.mark.parametrize(("importer", "imported"), [("receipts", "models"), ("models", "texts"), ("texts", "words")])
def test_other_modules_stand_below_the_forms(importer: str, imported: str):
    assert is_kept(importer, imported)
