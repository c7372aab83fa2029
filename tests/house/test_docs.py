"""The docs say what is so: examples run, links lead somewhere, every command is told of."""

import doctest
import re
import shlex
import shutil
from urllib.parse import unquote

import click
import pytest
from click.testing import CliRunner
from kashaf.commands.group import HOMES, cli

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.*-]*)`")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.M | re.S)
MEASURED = re.compile(r"\d+\.\d+")  # scores, seconds, megabytes: those may change
REGISTRY = re.compile(r"https?://[\w.-]*(?:py" + "pi|npm" + r"js|python" + r"hosted)[\w.-]*")
MACHINE = re.compile(r"(?<![\w.>-])/(?:home|root|work|Users|tmp/[a-z])/[\w.-]+")


@pytest.fixture(scope="module")
def pages(own_files):
    return [path for path in own_files if path.suffix == ".md" and "examples" not in path.parts]


@pytest.fixture(scope="module")
def guide(pages, root):
    """README and the pages of docs/, as one text."""
    told = [p for p in pages if p.parent == root / "docs" or p.name == "README.md"]
    return "\n".join(path.read_text("utf-8") for path in told)


def test_the_quick_start_of_the_readme(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(root / "README.md"), False, encoding="utf-8")
    assert failed == 0
    assert tried > 5


def test_the_console_of_the_readme(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KASHAF_INDEX", raising=False)
    shutil.copytree(root / "examples", "examples", ignore=shutil.ignore_patterns("README.md"))
    [shown] = CONSOLE.findall((root / "README.md").read_text("utf-8"))
    commands = [line[2:] for line in shown.splitlines() if line.startswith("$ ")]
    played = ""
    for command in commands:
        _, *arguments = shlex.split(command)
        played += f"$ {command}\n{CliRunner().invoke(cli, arguments, prog_name='kashaf').output}"
    assert MEASURED.sub("0", played) == MEASURED.sub("0", shown)


def test_the_quick_start_of_the_package():
    import kashaf

    failed, tried = doctest.testmod(kashaf)
    assert (failed, tried > 3) == (0, True)


def test_links_lead_somewhere(pages):
    broken = []
    for page in pages:
        for link in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            target = unquote(link.partition("#")[0])
            if target and "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {link}")
    assert broken == []


def test_paths_in_the_architecture_exist(root):
    told = PATH.findall((root / "ARCHITECTURE.md").read_text("utf-8"))
    assert len(told) > 10
    assert [path for path in told if not list(root.glob(path.rstrip("/")))] == []


def test_the_architecture_tells_of_every_folder(root, own_files):
    text = (root / "ARCHITECTURE.md").read_text("utf-8")
    folders = {path.relative_to(root).parts[0] for path in own_files if path.parent != root}
    assert {f for f in folders if not f.startswith(".") and f"`{f}/`" not in text} == set()


def test_the_table_of_the_docs_is_whole(root):
    text = (root / "docs" / "index.md").read_text("utf-8")
    there = {path.name for path in (root / "docs").glob("*.md")} - {"index.md"}
    assert {link for link in LINK.findall(text) if "/" not in link} == there


def commands():
    return sorted(HOMES)


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help(name):
    command = cli.get_command(click.Context(cli), name)
    assert command.name == name
    assert command.help
    assert command.help.split("\n")[0].endswith(".")
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help, option.name


@pytest.mark.parametrize("name", commands())
def test_every_command_has_a_place_in_the_docs(name, guide):
    assert f"kashaf {name}" in guide


def test_every_target_of_make_is_told_by_help(root):
    lines = (root / "Makefile").read_text("utf-8").splitlines()
    [phony] = [line.split()[1:] for line in lines if line.startswith(".PHONY:")]
    told = [line.partition(":")[0] for line in lines if re.match(r"[a-z-]+:.*  ## ", line)]
    assert told == phony


def test_no_machine_and_no_registry_is_named(own_files):
    said = []
    for path in own_files:
        if path.suffix in {
            ".py",
            ".pyx",
            ".pxd",
            ".pxi",
            ".md",
            ".cfg",
            ".toml",
            ".yml",
            ".sh",
            "",
        }:
            text = path.read_text("utf-8", errors="replace")
            said += [f"{path.name}: {f}" for p in (REGISTRY, MACHINE) for f in p.findall(text)]
    assert said == []
