"""``rasoat review``: the page on a socket, loopback only unless users can sign in."""
from __future__ import annotations

import getpass
import ipaddress
from dataclasses import replace
from pathlib import Path

import uvicorn

from review import users
from review.app import create_app
from review.data import reading
from review.labels import label
from review.ports import Ingest, Lang, Office, Print, Record, Render, Settings
from schema.errors import SettingsError


def loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _anyone(db: Path) -> bool:
    with reading(db) as connection:
        return bool(users.listed(connection))


def _whoami() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "thanh tra"


def own_settings(lang: Lang = "vi") -> Settings:
    """What holds where nothing else is asked for: decisions bear the name of who runs the server."""
    return Settings(lang=lang, reviewer=_whoami())


def settings_for(db: Path, host: str, settings: Settings | None = None) -> Settings:
    """Settings for a host: any but a loopback one needs sign-in. Raises ``SettingsError`` if nobody could."""
    held = settings or own_settings()
    if loopback(host):
        return replace(held, hosts=tuple({*held.hosts, f"[{host}]" if ":" in host else host}))
    if not _anyone(db):
        raise SettingsError(label(held.lang, "serve.no_users", host=host))
    if host in {"0.0.0.0", "::"} and held.hosts == Settings().hosts:
        raise SettingsError(label(held.lang, "serve.no_names", host=host))
    return replace(held, login=True, hosts=tuple({*held.hosts, f"[{host}]" if ":" in host else host}))


def serve(
    db: Path,
    host: str = "127.0.0.1",
    port: int = 8642,
    *,
    ingest: Ingest | None = None,
    record: Record | None = None,
    render: Render | None = None,
    printer: Print | None = None,
    office: Office | None = None,
    settings: Settings | None = None,
) -> None:
    """Runs until interrupted. Behind a proxy nothing is trusted: client addresses are those of the socket."""
    held = settings_for(db, host, settings)
    app = create_app(db, ingest=ingest, record=record, render=render, printer=printer, office=office, settings=held)
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
        limit_concurrency=200, timeout_keep_alive=15,
    )
