"""What Datasette needs to show a database well: titles, labels of links, facets, columns, and the saved questions."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from schema.questions import Question, with_defaults
from schema.store import translated

_KEPT = ("title", "description", "facets", "units", "sort", "sort_desc", "fts_table")


@cache
def _held() -> dict[str, Any]:
    return tomllib.loads((files("rasoat") / "data" / "datasette.toml").read_text(encoding="utf-8"))


def metadata(conn: sqlite3.Connection, name: str, questions: Mapping[str, Question]) -> dict[str, Any]:
    """The metadata of the database that Datasette calls ``name`` (the file's name without its ending).

    SQL of one's own needs ``--root``: it could read the hashes of passwords.
    """
    held = _held()
    title = held["title"].format(name=name)
    tables = {table: _table(columns, held["table"].get(table, {})) for table, columns in _columns(conn).items()}
    tables |= {table: {"hidden": True} for table in held["hidden"]["tables"]}
    for table in held["hidden"]["denied"]:
        tables[table]["allow"] = False
    database = {
        "title": title,
        "description": held["description"].strip(),
        "allow_sql": {"id": "root"},
        "tables": tables,
        "queries": {question.name: _query(question) for question in questions.values()},
    }
    return {"title": title, "description": held["description"].strip(), "databases": {name: database}}


def _columns(conn: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of all tables and views but hidden ones and those of the full-text index."""
    with translated():
        rows = conn.execute(
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'passage\\_fts%' ESCAPE '\\'"
            " AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.type, m.name, c.cid"
        ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        if table not in _held()["hidden"]["tables"]:
            found.setdefault(table, []).append(column)
    return found


def _table(columns: list[str], said: Mapping[str, Any]) -> dict[str, Any]:
    told = _held()["columns"] | said.get("columns", {})
    made = {name: said[name] for name in _KEPT if name in said}
    if "label" in said:
        made["label_column"] = said["label"]
    return made | {"columns": {column: told[column] for column in columns if column in told}}


def _query(question: Question) -> dict[str, Any]:
    blanks = [
        f"{one.name}: {one.vi}" + (f" (để trống: {one.default})" if one.default else "") for one in question.parameters
    ]
    return {
        "title": question.vi,
        "description": "; ".join(blanks),
        "sql": with_defaults(question),
        "params": [one.name for one in question.parameters],
        "hide_sql": True,
    }
