"""``rasoat review``: the page on a socket, loopback only unless users can sign in."""
from __future__ import annotations

import getpass
import ipaddress
import sqlite3
from dataclasses import replace
from pathlib import Path

import uvicorn

from review.app import create_app
from review.data import reading
from review.ports import Ingest, Lang, Record, Render, Settings
from schema.errors import SettingsError


def loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _users(db: Path) -> int:
    with reading(db) as connection:
        try:
            return int(connection.execute("select count(*) from users").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # the table is made with the first user


def _whoami() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "thanh tra"


def settings_for(db: Path, host: str, settings: Settings | None = None) -> Settings:
    """Settings for a host: any but a loopback one needs sign-in. Raises ``SettingsError`` if nobody could."""
    held = settings or Settings(reviewer=_whoami())
    if loopback(host):
        return replace(held, hosts=tuple({*held.hosts, f"[{host}]" if ":" in host else host}))
    if not _users(db):
        raise SettingsError(f"{host}: no user can sign in yet; add one first (rasoat user add NAME)")
    if host in {"0.0.0.0", "::"} and held.hosts == Settings().hosts:
        raise SettingsError(f"{host}: name the addresses that inspectors will type (Settings.hosts)")
    return replace(held, login=True, hosts=tuple({*held.hosts, f"[{host}]" if ":" in host else host}))


def serve(
    db: Path,
    host: str = "127.0.0.1",
    port: int = 8642,
    *,
    ingest: Ingest | None = None,
    record: Record | None = None,
    render: Render | None = None,
    settings: Settings | None = None,
    lang: Lang = "vi",
) -> None:
    """Runs until interrupted. Behind a proxy nothing is trusted: client addresses are those of the socket."""
    held = settings_for(db, host, settings or Settings(lang=lang, reviewer=_whoami()))
    app = create_app(db, ingest=ingest, record=record, render=render, settings=held)
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
        limit_concurrency=200, timeout_keep_alive=15,
    )
