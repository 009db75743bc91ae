"""One document for several jurisdictions: sibling elements with Vue's `v-if` and `v-else` are its variants."""

from privacy.policies.markup import Element, parents, remove, text_of
from privacy.policies.refusals import PolicyRefused
from privacy.policies.refusals import gettext_noop as _

_CONDITIONS = ("v-if", "v-else-if", "v-else")
_FIRST_LINE = 100


class VariantNeeded(PolicyRefused):
    """The document has several variants; say which one. The message lists them with their first lines."""


class UnknownVariant(PolicyRefused):
    """The document has no variant with this number."""


def choose_variant(root: Element, variant: int | None) -> None:
    """Keep one variant of a document, and the parts that all share. Raises `VariantNeeded`, `UnknownVariant`."""
    variants = _variants(root)
    if len(variants) < 2:  # noqa: PLR2004 - a single condition is no choice
        if variant not in (None, 1):
            raise UnknownVariant(_("The document has no variant %(variant)s: it has only one text."), variant=variant)
        return
    if variant is None:
        raise VariantNeeded(
            _("The document has %(count)s variants. Choose one:\n%(listed)s"),
            count=len(variants),
            listed=_listed(variants),
        )
    if not 1 <= variant <= len(variants):
        raise UnknownVariant(
            _("The document has no variant %(variant)s. Choose one:\n%(listed)s"),
            variant=variant,
            listed=_listed(variants),
        )
    above = parents(root)
    for number, element in enumerate(variants, start=1):
        if number != variant:
            remove(above[element], element)


def _variants(root: Element) -> list[Element]:
    """Return the first chain of conditional siblings: `v-if`, any `v-else-if`, `v-else`."""
    for parent in root.iter():
        chain: list[Element] = []
        for child in parent:
            condition = next((name for name in _CONDITIONS if name in child.attrib), "")
            if condition == "v-if":
                chain = [child]
            elif condition and chain:
                chain.append(child)
            if condition == "v-else" and chain:
                return chain
    return []


def _listed(variants: list[Element]) -> str:
    return "\n".join(
        f"  {number}: {' / '.join(text_of(element).splitlines()[:3])[:_FIRST_LINE]}"
        for number, element in enumerate(variants, start=1)
    )
