"""Nothing imports upward: every import of the package is walked, those inside functions too."""

import ast
from importlib.util import resolve_name

import pytest

ROOMS = (
    "kashaf.hints",
    "kashaf.errors",
    "kashaf.records",
    "kashaf.storage",
    "kashaf.kernels",
    "kashaf.arabic",
    "kashaf.index.readers",
    "kashaf.index",
    "kashaf.search",
    "kashaf",  # the public face; the command line stands on it, for the version
    "kashaf.commands",
    "kashaf.cli",
)
"""Bottom to top. A module belongs to the first room that its name is in."""


def inside(module, room):
    return module == room or (room != "kashaf" and module.startswith(f"{room}."))


def level(module):
    return next(i for i, room in enumerate(ROOMS) if inside(module, room))


def imports(name, path, modules):
    """(line, module, relative) of every import in a module."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield node.lineno, whole if whole in modules else source, bool(node.level)


@pytest.fixture(scope="module")
def own_imports(own_modules):
    """(where, importer, imported, relative) of every import of the package in itself."""
    return [
        (f"{path}:{line}", name, target, relative)
        for name, path in own_modules.items()
        for line, target, relative in imports(name, path, own_modules)
        if target.split(".")[0] == "kashaf"
    ]


def test_every_module_is_in_a_room(own_modules):
    assert {level(name) for name in own_modules} == set(range(len(ROOMS)))


def test_no_module_imports_upward(own_imports):
    assert len(own_imports) > 100
    upward = [
        f"{where}: {name} imports {target}"
        for where, name, target, _ in own_imports
        if level(target) > level(name)
    ]
    assert upward == []


def test_imports_within_the_package_are_relative(own_imports):
    assert [where for where, _, _, relative in own_imports if not relative] == []


def test_the_walk_sees_imports_inside_functions(tmp_path):
    path = tmp_path / "low.py"
    path.write_text("def late():\n    from ..search import index\n    import kashaf.cli\n", "utf-8")
    modules = {"kashaf.search.index"}
    assert [*imports("kashaf.storage.low", path, modules)] == [
        (2, "kashaf.search.index", True),
        (3, "kashaf.cli", False),
    ]
    assert level("kashaf.search.index") > level("kashaf.storage.low")
