"""Who may sign in: names, roles and scrypt hashes in the table ``users``."""
from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from review.ports import Role
from schema.errors import SettingsError, StoreError

# RFC 7914's interactive parameters, doubled: about 0.1 s and 32 MiB for each try on an office machine.
_N, _R, _P, _MEMORY = 2**15, 8, 1, 64 * 2**20
SHORTEST = 10
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


def add(db: Path, name: str, password: str, role: Role = "inspector") -> None:
    """Adds a user or sets a new password and role. Raises ``SettingsError`` for a short password or no name."""
    if not name.strip() or len(name) > 80:
        raise SettingsError("user name")
    if len(password) < SHORTEST:
        raise SettingsError(f"password shorter than {SHORTEST} characters")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    row = (name.strip(), role, hashed(password, secrets.token_bytes(16)), at)
    try:
        with sqlite3.connect(db, timeout=10) as connection:
            connection.execute(_TABLE)
            connection.execute("insert or replace into users values (?, ?, ?, ?)", row)
        connection.close()
    except sqlite3.DatabaseError as error:
        raise StoreError(str(error)) from error


_NOBODY = hashed("", b"nobody")


def sign_in(connection: sqlite3.Connection, name: str, password: str) -> Role | None:
    """The user's role, or None. An unknown name takes as long as a wrong password."""
    known = connection.execute("select 1 from sqlite_master where name = 'users'").fetchone()
    row = connection.execute("select role, password from users where name = ?", [name]).fetchone() if known else None
    good = matches(password, row[1] if row else _NOBODY)
    if row is None or not good:
        return None
    return "inspector" if row[0] == "inspector" else "viewer"
