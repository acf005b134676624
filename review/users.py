"""Who may sign in: names, roles and scrypt hashes in the table ``users``."""
from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from review.labels import label
from review.ports import Lang, Role
from schema.errors import SettingsError, StoreError

# RFC 7914's interactive parameters, doubled: about 0.1 s and 32 MiB for each try on an office machine.
_N, _R, _P, _MEMORY = 2**15, 8, 1, 64 * 2**20
SHORTEST, _LONGEST = 10, 80
_TABLE = """create table if not exists users (
  name text primary key, role text not null check (role in ('viewer', 'inspector')),
  password text not null, created_at text not null)"""


def hashed(password: str, salt: bytes) -> str:
    """``scrypt$N$r$p$salt$hash``, both in hexadecimal."""
    found = hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${found.hex()}"


def matches(password: str, stored: str) -> bool:
    scheme, n, r, p, salt, wanted = stored.split("$")
    if scheme != "scrypt":
        return False
    found = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=int(n), r=int(r), p=int(p), maxmem=_MEMORY)
    return hmac.compare_digest(found.hex(), wanted)


@contextmanager
def _writing(db: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on the table, which is made where it is missing. Raises ``StoreError``."""
    try:
        with closing(sqlite3.connect(db, timeout=10)) as connection, connection:
            connection.execute(_TABLE)
            yield connection
    except sqlite3.DatabaseError as error:
        raise StoreError(str(error)) from error


def add(db: Path, name: str, password: str, role: Role = "inspector", lang: Lang = "vi") -> None:
    """Adds a user, or gives one a new password and role. Raises ``SettingsError`` for a short password or bad name."""
    name = name.strip()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise SettingsError(label(lang, "user.bad_name", most=_LONGEST))
    if len(password) < SHORTEST:
        raise SettingsError(label(lang, "user.short", least=SHORTEST))
    row = (name, role, hashed(password, secrets.token_bytes(16)), datetime.now(UTC).isoformat())
    with _writing(db) as connection:
        connection.execute("insert or replace into users values (?, ?, ?, ?)", row)


def remove(db: Path, name: str) -> bool:
    """Takes a user's access away, also where one is signed in; False if there is none of that name."""
    with _writing(db) as connection:
        return connection.execute("delete from users where name = ?", [name.strip()]).rowcount > 0


def listed(connection: sqlite3.Connection) -> list[tuple[str, Role, str]]:
    """Name, role and when the password was set, in the order of the names."""
    if not _known(connection):
        return []
    rows = connection.execute("select name, role, created_at from users order by name")
    return [(row[0], _role(row[1]), row[2]) for row in rows]


def stands(connection: sqlite3.Connection, name: str) -> tuple[Role, str] | None:
    """The user's role and when the password was set: a session lasts only as long as both stay."""
    return next(((role, since) for other, role, since in listed(connection) if other == name), None)


def _known(connection: sqlite3.Connection) -> bool:
    return connection.execute("select 1 from sqlite_master where name = 'users'").fetchone() is not None


def _role(word: str) -> Role:
    return "inspector" if word == "inspector" else "viewer"


_NOBODY = hashed("", b"nobody")


def sign_in(connection: sqlite3.Connection, name: str, password: str) -> Role | None:
    """The user's role, or None. An unknown name takes as long as a wrong password."""
    ask = "select role, password from users where name = ?"
    row = connection.execute(ask, [name]).fetchone() if _known(connection) else None
    good = matches(password, row[1] if row else _NOBODY)
    return _role(row[0]) if row is not None and good else None
