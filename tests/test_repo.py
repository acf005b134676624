"""What must hold of every tracked file: nothing that names this machine, a registry or a real person."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import regex

ROOT = Path(__file__).parents[1]
TEXT = {".py", ".toml", ".md", ".txt", ".sql", ".html", ".css", ".js", ".json", ".cfg", ".ini", ".yml", ""}


def tracked() -> list[Path]:
    out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in out.split("\0") if name and (ROOT / name).exists()]


FILES = tracked()
READABLE = [(path, path.read_text(encoding="utf-8")) for path in FILES if path.suffix in TEXT]
# written in two halves, so that this file does not hold what it forbids
FORBIDDEN = {
    "a package registry": r"https?://[^\s\"')]*/(simp" r"le|pack" r"ages)/|index-" r"url|trusted-" r"host",
    "a path of the machine": r"(?<![\w.])/(wo" r"rk|ro" r"ot|ho" r"me|Us" r"ers)/\w",
    "a tool of ours": r"farm-(stu" r"dio|ben" r"ch)|sub" r"agent",
    "a mobile number": r"(?<![\da-f])0[35789]\d{8}(?![\da-f])",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str) -> None:
    pattern = regex.compile(FORBIDDEN[what])
    found = [(path.relative_to(ROOT), match[0]) for path, text in READABLE if (match := pattern.search(text))]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_lock_holds_names_versions_and_hashes_only(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    entry = regex.compile(r"[a-z0-9][a-z0-9._-]*==[\w.!+]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not entry.fullmatch(line)] == []
    packages = [line.split("==")[0] for line in lines if not line.startswith(" ")]
    assert len(packages) == len(set(packages)) > 20


def test_lock_holds_what_pyproject_asks_for() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, wanted in (
        ("requirements.txt", [*project["dependencies"], *project["optional-dependencies"]["communes"]]),
        ("requirements-test.txt", project["optional-dependencies"]["test"]),
    ):
        locked = {line.split("==")[0] for line in (ROOT / name).read_text("utf-8").splitlines() if "==" in line}
        asked = {regex.split(r"[\[<>=~! ]", line)[0].lower().replace("_", "-") for line in wanted}
        assert asked <= locked


def test_modules_are_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path, text in READABLE
        if path.suffix == ".py" and "tests" not in path.parts and (lines := text.count("\n")) > 400
    }
    assert long == {}


def test_tracked_files_are_small() -> None:
    assert {str(path): path.stat().st_size for path in FILES if path.stat().st_size > 2_000_000} == {}


def test_ci_runs_the_tests() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
