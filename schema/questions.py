"""Saved questions: one SELECT each, with title and parameters. Ours are in ``schema/data``, the office has its own."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import regex

from schema.asking import Limits, ask
from schema.errors import QueryError, Refusal
from schema.text import key, nfc, unmarked

LARGEST = 2**20
"""Bytes of one file of questions."""
_NAME = regex.compile(r"[a-z][a-z0-9-]{0,63}")
_PARAMETER = regex.compile(r"[a-z][a-z0-9_]{0,31}")
# strings, quoted names and comments of SQL hold no parameters
_QUOTED = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/"""
_SQL = regex.compile(rf"{_QUOTED}|:(?<name>\w+)", regex.DOTALL)
_KINDS = {
    "text": regex.compile(r".{0,200}", regex.DOTALL),
    "count": regex.compile(r"\d{1,6}"),
    "day": regex.compile(r"(?:\d{4}-\d{2}-\d{2})?"),
    "period": regex.compile(r"(?:\d{4}(?:-\d{2}(?:-\d{2})?)?)?"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One blank of a question. Without a ``default`` it must be given.

    ``kind`` is the form of its text (``text`` ``count`` ``day`` ``period``); ``among`` a SELECT of what may be given:
    values, and their names where there is a second column.
    """

    name: str
    vi: str
    en: str
    default: str | None = None
    kind: str = "text"
    among: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One SELECT. ``words``: columns that hold codes, and the family of labels that says them."""

    name: str
    vi: str
    en: str
    sql: str
    parameters: tuple[Parameter, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@cache
def ours() -> dict[str, Question]:
    return dict(_questions(_parsed((files("schema") / "data" / "questions.toml").read_bytes(), ""), ""))


def beside(db: Path) -> Path | None:
    """Where the office keeps its own, if it does: ``NAME.questions.toml`` or the folder ``NAME.questions``."""
    places = (db.with_name(f"{db.stem}.questions.toml"), db.with_name(f"{db.stem}.questions"))
    return next((place for place in places if place.exists()), None)


def load(own: Path | None = None) -> dict[str, Question]:
    """Our questions and those of a file or of all ``.toml`` files of a folder; one of the same name replaces ours.

    QueryError for a file that cannot be read, is no TOML or holds what is no question.
    """
    found: dict[str, Question] = {}
    for path in _files(own):
        try:
            with path.open("rb") as held:
                raw = held.read(LARGEST + 1)
        except OSError as error:
            raise _broken(path.name, "unreadable", error.strerror or "") from error
        for name, question in _questions(_parsed(raw, path.name), path.name):
            if name in found:
                raise _broken(path.name, "twice", name)
            found[name] = question
    return ours() | found


def bind(conn: sqlite3.Connection, question: Question, given: Mapping[str, str]) -> dict[str, str]:
    """The values of all parameters: what was given, in the spelling of the database, else the defaults. QueryError."""
    names = [parameter.name for parameter in question.parameters]
    for name in given:
        if name not in names:
            raise QueryError(Refusal.UNKNOWN_PARAMETER, name=name, choices=", ".join(names) or "–")
    return {parameter.name: _value(conn, parameter, given.get(parameter.name)) for parameter in question.parameters}


def choices(conn: sqlite3.Connection, parameter: Parameter) -> list[tuple[str, str]]:
    """What may be given for a parameter, each with its name; nothing where any text may."""
    if not parameter.among:
        return []
    rows = ask(conn, parameter.among, limits=Limits(rows=5000)).rows
    return sorted({(str(row[0]), str(row[-1])) for row in rows if row[0] is not None}, key=lambda one: key(one[1]))


def with_defaults(question: Question) -> str:
    """The SQL for a form that leaves blanks empty: an empty one is its default."""
    held = {one.name: one.default.replace("'", "''") for one in question.parameters if one.default}

    def filled(match: regex.Match[str]) -> str:
        default = held.get(match["name"] or "")
        return match[0] if default is None else f"coalesce(nullif({match[0]}, ''), '{default}')"

    return str(_SQL.sub(filled, question.sql))


def blanks(sql: str) -> set[str]:
    """The names of the parameters of a statement."""
    return {match["name"] for match in _SQL.finditer(sql) if match["name"]}


def _value(conn: sqlite3.Connection, parameter: Parameter, given: str | None) -> str:
    if given is None or nfc(given).strip() == parameter.default:
        if parameter.default is None:
            raise QueryError(Refusal.MISSING_PARAMETER, detail=parameter.name)
        return parameter.default
    typed = nfc(given).strip()
    if not _KINDS[parameter.kind].fullmatch(typed):
        raise QueryError(Refusal.BAD_PARAMETER, name=parameter.name, value=typed[:200], kind=parameter.kind)
    return _spelt(parameter, typed, choices(conn, parameter)) if parameter.among else typed


def _spelt(parameter: Parameter, typed: str, may: list[tuple[str, str]]) -> str:
    """The one value that is meant: as it stands, else without regard to capitals, else without marks."""
    likeness: tuple[Callable[[str], str], ...] = (nfc, key, lambda text: unmarked(key(text)))
    for like in likeness:
        meant = {value for value, label in may if like(typed) in (like(value), like(label))}
        if len(meant) == 1:
            return meant.pop()
    labels = {unmarked(key(label)): label for _, label in may}
    near = get_close_matches(unmarked(key(typed)), labels, n=8, cutoff=0.5) or list(labels)[:8]
    raise QueryError(
        Refusal.NOT_AMONG, name=parameter.name, value=typed[:200], choices="; ".join(labels[one] for one in near) or "–"
    )


def _files(own: Path | None) -> list[Path]:
    if own is None:
        return []
    return sorted(own.glob("*.toml")) if own.is_dir() else [own]


def _parsed(raw: bytes, where: str) -> dict[str, Any]:
    if len(raw) > LARGEST:
        raise _broken(where, "too-large", "")
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _broken(where, "no-toml", str(error)) from error


def _questions(held: Mapping[str, Any], where: str) -> Iterator[tuple[str, Question]]:
    for name, given in held.items():
        if not _NAME.fullmatch(name) or not isinstance(given, dict):
            raise _broken(where, "name", name)
        place = f"{where} [{name}]"
        plain = {key: value for key, value in given.items() if key not in ("parameter", "words")}
        texts = _texts(place, plain, ("vi", "sql"), ("en",))
        made = Question(
            name, texts["vi"], texts.get("en", texts["vi"]), texts["sql"].strip(),
            tuple(_parameter(place, *one) for one in _table(place, given, "parameter").items()),
            _texts(place, _table(place, given, "words"), (), tuple(_table(place, given, "words"))),
        )  # fmt: skip
        odd = blanks(made.sql) ^ {one.name for one in made.parameters}
        if odd:
            raise _broken(place, "parameters", ", ".join(sorted(odd)))
        yield name, made


def _parameter(place: str, name: str, given: object) -> Parameter:
    if not _PARAMETER.fullmatch(name) or not isinstance(given, dict):
        raise _broken(place, "name", name)
    place = f"{place} parameter.{name}"
    texts = _texts(place, given, ("vi",), ("en", "default", "kind", "among"))
    if texts.get("kind", "text") not in _KINDS:
        raise _broken(place, "kind", texts["kind"])
    return Parameter(name, **{"en": texts["vi"]} | texts)


def _table(place: str, given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = given.get(name, {})
    if not isinstance(table, dict):
        raise _broken(place, "no-text", name)
    return table


def _texts(place: str, given: Mapping[str, Any], must: tuple[str, ...], may: tuple[str, ...]) -> dict[str, str]:
    """The entries of a table, all of them text, none missing and none unknown."""
    for name in must:
        if not str(given.get(name, "")).strip():
            raise _broken(place, "missing", name)
    for name, value in given.items():
        if name not in must + may:
            raise _broken(place, "unknown-key", name)
        if not isinstance(value, str):
            raise _broken(place, "no-text", name)
    return dict(given)


def _broken(where: str, problem: str, item: str) -> QueryError:
    return QueryError(Refusal.QUESTION_FILE, where=where, problem=problem, item=item)
