"""``rasoat waive``: findings, rules and reports that the office does not want to hear of, each with its reason."""

from __future__ import annotations

from typing import Annotated, TypeVar

import typer

from rasoat import messages
from rasoat.options import Db, LangOption
from rasoat.settings import Lang, language
from schema.errors import SettingsError

app = typer.Typer(no_args_is_help=True, help="Miễn xét: một phát hiện, một quy tắc hoặc một báo cáo, kèm lý do.")

T = TypeVar("T")


@app.command(help="Thêm một miễn xét; cho nhiều điều kiện thì phải khớp tất cả.")
def add(
    db: Db,
    reason: Annotated[str, typer.Option(help="Lý do (bắt buộc).", show_default=False)],
    by: Annotated[str, typer.Option(help="Người quyết định.", show_default=False)],
    rule: Annotated[str | None, typer.Option(help="Mã quy tắc.", show_default=False)] = None,
    finding: Annotated[
        str | None, typer.Option(help="Số phát hiện, hoặc dấu nhận dạng (fingerprint) của nó.", show_default=False)
    ] = None,
    report: Annotated[str | None, typer.Option(help="Mã báo cáo hoặc tên tệp.", show_default=False)] = None,
    lang: LangOption = None,
) -> None:
    from schema import waivers
    from schema.ledger import now
    from schema.store import Store

    tongue = language(lang)
    if not reason.strip() or not by.strip():
        raise SettingsError(messages.text("waive-why", tongue))
    with Store(db, create=False) as store:
        scope = waivers.Scope(
            _rule(rule, tongue),
            _known("finding", finding, waivers.fingerprint_of(store.conn, finding) if finding else None, tongue),
            _known("report", report, waivers.report_of(store.conn, report) if report else None, tongue),
        )
        if scope == waivers.Scope():
            raise SettingsError(messages.text("waive-what", tongue))
        number = waivers.add(store, scope, reason.strip(), by.strip(), now())
        print(messages.text("waived", tongue, waiver=number, count=waivers.reach(store.conn, number)))


@app.command("list", help="Liệt kê các miễn xét: phạm vi, lý do, người, lúc; cả những miễn xét đã bỏ.")
def listing(db: Db, lang: LangOption = None) -> None:
    from schema import waivers
    from schema.store import Store

    tongue = language(lang)
    with Store(db, read_only=True) as store:
        for row in waivers.listed(store.conn):
            scope = " + ".join(str(part) for part in (row["rule"], row["fingerprint"], row["file_name"]) if part)
            ended = messages.text("waiver-ended", tongue, at=row["ended_at"]) if row["ended_at"] else ""
            cells = (row["waiver_id"], scope, row["findings"], row["note"], row["reviewer"], row["at"], ended)
            print("\t".join(messages.printable(str(cell)) for cell in cells).rstrip("\t"))


@app.command(help="Bỏ một miễn xét; nó vẫn còn trong danh sách.")
def remove(
    waiver: Annotated[int, typer.Argument(help="Số của miễn xét (xem list).")], db: Db, lang: LangOption = None
) -> None:
    from schema import waivers
    from schema.ledger import now
    from schema.store import Store

    tongue = language(lang)
    with Store(db, create=False) as store:
        if not waivers.end(store, waiver, now()):
            raise SettingsError(messages.text("waiver-unknown", tongue, waiver=waiver))
    print(messages.text("waiver-removed", tongue, waiver=waiver))


def _rule(rule: str | None, lang: Lang) -> str | None:
    from checks.settings import rules

    if rule is not None and rule not in rules():
        raise SettingsError(messages.text("bad-choice", lang, value=rule, choices=" | ".join(rules())))
    return rule


def _known(kind: str, given: str | None, found: T | None, lang: Lang) -> T | None:
    if given is not None and found is None:
        raise SettingsError(messages.text(f"waive-no-{kind}", lang, value=messages.printable(given)))
    return found
