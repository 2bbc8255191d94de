"""The house keeps its own rules: floors, sizes, one clock, constant log sentences, nothing private in the text."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "griot"
IGNORED = [".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line)]
TEXT = {".py", ".sql", ".toml", ".md", ".yml", ".yaml", ".txt", ".html", ".css", ".js", ".svg", ".json", ".sh", ""}
LONGEST_FILE = 600
LOG_METHODS = {"debug", "info", "warning", "error", "critical", "exception"}
ROOMS_WITH_RULES = ("agent", "tools", "knowledge", "worker", "api")


def committed() -> Iterator[Path]:
    """The text files of the repository, without what git ignores."""
    for path in sorted(ROOT.rglob("*")):
        made_here = any(fnmatch(part, name) for part in path.relative_to(ROOT).parts for name in IGNORED)
        if path.is_file() and path.suffix in TEXT and not made_here:
            yield path


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def test_arrows_between_rooms_only_go_down(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_no_source_file_has_grown_past_one_subject() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".sql"}
    }
    assert len(sizes) > 50
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


# Written in pieces, so that this file may be read by its own test.
PRIVATE = {
    "an index address": re.compile(
        "--(?:extra-)?index" + "-url|/simp" + r"le/?(?:\s|$)|file:/" + "//(?!etc/passwd)|--find" + "-links"
    ),
    "a path of one machine": re.compile("/(?:work|root|opt|Users)" + r"/\w|/ho" + r"me/\w"),
    "a private key": re.compile("BEGIN " + "(?:RSA |EC |OPENSSH )?PRIVATE"),
}


@pytest.mark.parametrize("what", PRIVATE)
def test_nothing_private_is_committed(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in committed()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PRIVATE[what].search(line)
    ]
    assert found == []


def test_what_is_logged_is_a_constant_sentence_so_that_nobody_is_in_it() -> None:
    calls = 0
    for where, module in modules("."):
        for node in ast.walk(module):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if (
                node.func.attr in LOG_METHODS
                and isinstance(owner, ast.Name)
                and owner.id.strip("_") in {"log", "logger"}
            ):
                calls += 1
                event = node.args[0]
                assert isinstance(event, ast.Constant) and isinstance(event.value, str), f"{where}:{node.lineno}"
                assert len(node.args) == 1, f"{where}:{node.lineno}: what varies goes into keys"
    assert calls > 5


def test_rooms_with_rules_ask_no_other_clock_than_the_houses() -> None:
    asked = [
        f"{where}:{node.lineno}"
        for where, module in modules(*ROOMS_WITH_RULES)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    ]
    assert asked == []


def test_the_agent_knows_no_http_and_no_sql() -> None:
    for where, module in modules("agent"):
        for node in ast.walk(module):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            strangers = {name.partition(".")[0] for name in names} & {"httpx", "starlette", "fastapi", "psycopg"}
            assert not strangers, f"{where}:{node.lineno}"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)\s", node.value), f"{where}:{node.lineno}"


def test_every_dependency_is_pinned_once() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    pinned = [_normal(pin.partition("==")[0]) for pin in pins]
    assert len(set(pinned)) == len(pinned)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]  # noqa: RUF017
    names = {_normal(re.split(r"[\[<>=;~ ]", requirement)[0]) for requirement in wanted}
    assert names - set(pinned) == set()


def test_what_is_imported_is_asked_for() -> None:
    """A package that only comes with another one, or is only on the machine of who wrote the code, is missing later."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]  # noqa: RUF017
    asked = {_normal(re.split(r"[\[<>=;~ ]", requirement)[0]) for requirement in wanted}
    given = packages_distributions()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"griot"}:
                come_with = {_normal(package) for package in given.get(name, [name])}
                assert come_with & asked, f"{path.relative_to(ROOT)} imports {name}, which pyproject.toml does not name"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_production_runs_the_api_and_the_worker_apart_on_a_database_nobody_else_reaches() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    assert services.keys() == {"db", "migrate", "api", "worker"}
    assert "ports" not in services["db"]
    assert "pgvector" in services["db"]["image"]
    for name in ("db", "api", "worker"):
        assert services[name]["healthcheck"]["test"], name
        assert "container_name" not in services[name], "a named container cannot be scaled"
    for name in ("api", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    secrets = re.compile(r"(?i)(password|secret|token)")
    for name, service in services.items():
        for key, value in service.get("environment", {}).items():
            assert not secrets.search(key) or value.startswith("${"), f"{name}: {key} is written down"


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in committed()
        if page.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]
    assert broken == []


def test_files_that_documents_speak_of_are_there() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in committed()
        if page.suffix == ".md"
        for name in re.findall(r"`((?:src|tests|docs)/[\w./-]+)`", page.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    ]
    assert missing == []
