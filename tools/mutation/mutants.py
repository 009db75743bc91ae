"""The mutants of a file: mutmut's faults, one in each, without code that has no behaviour.

mutmut's own runner leaves out functions with a decorator (views and endpoints) and the bodies of classes: only its
operators and its visitor are used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, OuterFunctionProvider, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

# Texts for people: translations, descriptions of the schema, labels. Tests of behaviour do not repeat them.
WORDS = m.Call(func=m.Name("_") | m.Name("gettext") | m.Name("gettext_lazy"))
KEYWORDS_OF_WORDS = {"help_text", "label", "description", "verbose_name"}
# Log lines are texts, too; other tests check that they hold no personal value.
LOG = m.Call(func=m.Attribute(value=m.Name("logger")))
# The class and the object of an error are behaviour; its message is for developers, except for staff.
SENTENCE = m.Arg(value=m.SimpleString() | m.FormattedString() | m.ConcatenatedString())
WORDS_OF_ERRORS = m.Raise(exc=m.Call(func=m.Name(), args=[SENTENCE]))
ERRORS_THAT_STAFF_READ = {"HoldRefused", "NothingLeftToHold"}
# Names for the type checker, and the logger.
NAMES_ONLY = m.Assign(value=m.Subscript() | m.Call(func=m.Name("TypeVar") | m.Attribute(value=m.Name("logging"))))
CASTS = m.Call(func=m.Name("cast"))
# Members of REST answers, for the schema only: tests/rest/test_schema.py compares every answer with it.
DESCRIPTIONS = m.ClassDef(bases=[m.Arg(m.Attribute(m.Name("serializers"), m.Name("Serializer")))])
# Declarations in classes of these files: columns, which `make check` compares with migrations, and admin lists.
DECLARATIONS = ("models.py", "admin.py")


@dataclass(frozen=True)
class Mutant:
    """One fault in one file."""

    path: str
    number: int
    line: int
    # The function or method of the fault, as in `Cancellation.post`; "" for code that runs at import.
    function: str
    before: str
    after: str
    mutation: Mutation
    module: cst.Module

    @property
    def name(self) -> str:
        """The line, the function and the number of the mutant."""
        return f"{self.path}:{self.line}#{self.number}"

    def source(self) -> str:
        """Return the source of the file with the fault."""
        changed = deep_replace(self.module, self.mutation.original_node, self.mutation.mutated_node)
        assert isinstance(changed, cst.Module)
        return changed.code

    def code(self) -> CodeType:
        """Return the compiled file with the fault."""
        return compile(self.source(), str(Path(self.path).resolve()), "exec")


def mutants_of(path: str) -> list[Mutant]:
    """Return the mutants of a file."""
    module = MetadataWrapper(cst.parse_module(Path(path).read_text(encoding="utf-8")))
    visitor = _Visitor(path)
    module.visit(visitor)
    found = []
    for mutation in visitor.mutations:
        line, function = visitor.places[id(mutation.original_node)]
        before, after = (module.module.code_for_node(n) for n in (mutation.original_node, mutation.mutated_node))
        number = len(found) + 1
        found.append(Mutant(path, number, line, function, before.strip(), after.strip(), mutation, module.module))
    return found


def files_of(package: str) -> Iterator[str]:
    """Yield the files of a package with behaviour."""
    for path in sorted(Path("privacy", package).glob("*.py")):
        if path.name != "__init__.py":
            yield str(path)


class _Visitor(MutationVisitor):
    """mutmut's visitor, which enters decorated functions, and skips code without behaviour."""

    METADATA_DEPENDENCIES = (PositionProvider, OuterFunctionProvider)

    def __init__(self, path: str) -> None:
        super().__init__(mutation_operators, IgnoredCode(set(), set(), set()))
        self.holds_declarations = path.endswith(DECLARATIONS)
        # The line and the function of each node that has a mutant.
        self.places: dict[int, tuple[int, str]] = {}
        self._classes: list[str] = []
        self._line = 1

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Make the mutants of a node, and record its class."""
        goes_on = super().on_visit(node)
        if goes_on and isinstance(node, cst.ClassDef):
            self._classes.append(node.name.value)
        return goes_on

    def on_leave(self, original_node: cst.CSTNode) -> None:
        super().on_leave(original_node)
        if isinstance(original_node, cst.ClassDef) and self._classes[-1:] == [original_node.name.value]:
            self._classes.pop()

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        if m.matches(node, WORDS | LOG | NAMES_ONLY | CASTS | DESCRIPTIONS) or isinstance(node, cst.Decorator):
            return True
        if m.matches(node, WORDS_OF_ERRORS) and node.exc.func.value not in ERRORS_THAT_STAFF_READ:
            return True
        if isinstance(node, cst.Arg) and node.keyword and node.keyword.value in KEYWORDS_OF_WORDS:
            return True
        return bool(super()._skip_node_and_children(node))

    def _create_mutations(self, node: cst.CSTNode) -> None:
        function = self._function_of(node)
        if self.holds_declarations and self._classes and not function:
            return
        known = len(self.mutations)
        super()._create_mutations(node)
        self.mutations[known:] = [new for new in self.mutations[known:] if not _drops_words(node, new.mutated_node)]
        position = self.get_metadata(PositionProvider, node, None)  # operators have no position: use the last one
        self._line = position.start.line if position else self._line
        self.places[id(node)] = (self._line, function)

    def _function_of(self, node: cst.CSTNode) -> str:
        outer = self.get_metadata(OuterFunctionProvider, node, None)
        return ".".join([*self._classes[:1], outer.name.value]) if isinstance(outer, cst.FunctionDef) else ""


def _drops_words(node: cst.CSTNode, mutated: cst.CSTNode) -> bool:
    """Whether a fault only removes an argument that is a text."""
    if not (isinstance(node, cst.Call) and isinstance(mutated, cst.Call)):
        return False
    kept = {id(arg) for arg in mutated.args}
    return any(_is_words(arg) for arg in node.args if id(arg) not in kept)


def _is_words(arg: cst.Arg) -> bool:
    return m.matches(arg.value, WORDS) or bool(arg.keyword and arg.keyword.value in KEYWORDS_OF_WORDS)
