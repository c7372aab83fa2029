"""What is built is what is meant: from the tree an sdist, from that a wheel, and it searches."""

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import kashaf
import pytest
from kashaf.index.readers.formats import FORMATS

OUTSIDE = {"tests", "bench", "docs", "examples", "setup.py"}
STAY_AT_HOME = {"kashaf.arabic.build"}


@pytest.fixture(scope="module")
def config(root):
    parser = configparser.ConfigParser()
    parser.read(root / "setup.cfg", "utf-8")
    return parser


def listed(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def build(kind, tree, out, **settings):
    """Build an sdist or a wheel of a tree, as any front end would; return its path."""
    code = f"from setuptools import build_meta; print(build_meta.build_{kind}({str(out)!r}))"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tree,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return out / told.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def sdist(own_files, root, tmp_path_factory):
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("sdist")
    for path in own_files:
        target = tree / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return build("sdist", tree, out)


@pytest.fixture(scope="module")
def unpacked(sdist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"kashaf-{kashaf.__version__}"


@pytest.fixture(scope="module")
def wheel(unpacked, tmp_path_factory):
    """A wheel of the quick, unoptimised build."""
    return build("wheel", unpacked, tmp_path_factory.mktemp("wheel"), KASHAF_DEBUG_KERNELS="1")


@pytest.fixture(scope="module")
def wheel_of_no_compiler(unpacked, tmp_path_factory):
    missing = str(unpacked / "no-such-compiler")
    shutil.rmtree(unpacked / "build", ignore_errors=True)
    return build("wheel", unpacked, tmp_path_factory.mktemp("pure"), CC=missing, CXX=missing)


def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def is_compiled(name):
    return name.endswith((".so", ".pyd"))


def expected(own_files, root):
    """The package's own files, by their place in a wheel."""
    for path in own_files:
        inside = path.relative_to(root)
        module = ".".join(["kashaf", *inside.parts[:-1]])
        if inside.parts[0] in OUTSIDE or module in STAY_AT_HOME:
            continue
        is_data = path.parent.name == "data"  # what makes it stays at home, too
        if (path.suffix in {".py", ".pyi", ".typed"}) != is_data:
            yield f"kashaf/{inside.as_posix()}"


def test_setup_lists_every_package(config, own_files, root):
    folders = {path.parent.relative_to(root) for path in own_files if path.name == "__init__.py"}
    found = {".".join(["kashaf", *f.parts]) for f in folders if not OUTSIDE & {*f.parts}}
    assert found - STAY_AT_HOME == set(listed(config["options"]["packages"]))


def test_the_version_is_written_once(config, own_files, root):
    assert config["metadata"]["version"] == "attr: kashaf.__version__"
    assert f"## [{kashaf.__version__}]" in (root / "CHANGELOG.md").read_text("utf-8")
    told = [p for p in own_files if p.suffix in {".py", ".cfg", ".toml"}]
    said = re.compile(rf"^_*version_* *= *[\"']?{re.escape(kashaf.__version__)}", re.M)
    assert [p.name for p in told if said.search(p.read_text("utf-8"))] == ["__init__.py"]


def test_sdist_holds_what_building_testing_and_reading_need(own_files, root, unpacked):
    known = {path.relative_to(root).as_posix() for path in own_files}
    packed = {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*") if p.is_file()}
    assert known - packed <= {".gitignore"}
    made = {name for name in packed - known if not name.startswith(("build/", "kernels/_"))}
    assert {name.split("/")[0] for name in made} <= {"PKG-INFO", "kashaf.egg-info"}


def test_wheel_holds_the_package_and_nothing_else(own_files, root, wheel):
    compiled = {name for name in contents(wheel) if is_compiled(name)}
    assert contents(wheel) - compiled == set(expected(own_files, root))
    assert all(name.startswith("kashaf/kernels/_") for name in compiled)


def test_wheel_without_a_compiler_lacks_only_the_compiled(wheel_of_no_compiler, own_files, root):
    assert contents(wheel_of_no_compiler) == set(expected(own_files, root))


def test_wheel_carries_its_licence(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name).name for name in archive.namelist()}
        metadata = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        told = archive.read(metadata).decode()
    assert {"LICENSE", "NOTICE"} <= names
    assert f"Version: {kashaf.__version__}\n" in told
    assert "GPL-3.0-or-later" in told


def environment(folder, wheel):
    """A fresh virtual environment with a wheel in it; what it depends on is lent by this one."""
    venv.create(folder, with_pip=False)
    scheme = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", "venv", scheme))
    python = Path(sysconfig.get_path("scripts", "venv", scheme)) / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", str(wheel)], check=True)
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "lent.pth").write_text("\n".join(sorted(lent)), "utf-8")
    return python.with_name("kashaf")


@pytest.mark.parametrize("built", ["wheel", "wheel_of_no_compiler"])
def test_a_wheel_installs_and_searches(built, request, tmp_path):
    wheel = request.getfixturevalue(built)
    kernels = "compiled" if any(map(is_compiled, contents(wheel))) else "numpy"
    command = environment(tmp_path / "fresh", wheel)
    (tmp_path / "كتاب.txt").write_text("المكتبة\nقرأ الطالبُ الكُتُبَ في المدينة.", "utf-8")

    def run(*arguments):
        told = subprocess.run([command, *arguments], cwd=tmp_path, capture_output=True, check=False)
        assert told.returncode == 0, told.stderr.decode()
        return told.stdout.decode()

    assert run("--version") == f"kashaf, version {kashaf.__version__}\n"
    assert run("index", "كتاب.txt").startswith("1 added, ")
    assert "**الكُتُبَ**" in run("search", "كتاب")
    shown = dict(line.split(maxsplit=1) for line in run("stats").splitlines())
    assert shown["kernels"] == kernels


def test_every_extra_that_a_reader_names_is_one(config):
    extras = set(config["options.extras_require"])
    assert {form.extra for form in FORMATS if form.extra} <= extras


def test_what_is_imported_is_required(config, own_modules):
    requires = "\n".join(
        [config["options"]["install_requires"], *config["options.extras_require"].values()]
    )
    required = {re.split(r"[\[>=]", name)[0].lower() for name in listed(requires)}
    homes = packages_distributions()
    missing = {}
    for name, path in own_modules.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            sources = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            for top in {source.split(".")[0] for source in sources}:
                if top in sys.stdlib_module_names or top == "_typeshed":
                    continue
                if not {home.lower() for home in homes.get(top, [top])} & required:
                    missing.setdefault(name, set()).add(top)
    assert missing == {}
