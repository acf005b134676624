"""The district's commands: its communes, its register of issued documents, and what has not come in."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasoat import messages, options
from rasoat.options import Db, LangOption, choice
from rasoat.settings import Lang, language
from schema.errors import SettingsError

if TYPE_CHECKING:
    from rasoat.show_versions import Step
    from schema.store import Store

app = typer.Typer()
communes = typer.Typer(no_args_is_help=True, help="Danh mục xã của huyện, theo ngày hiệu lực.")
register = typer.Typer(no_args_is_help=True, help="Sổ văn bản phát hành của huyện.")
app.add_typer(communes, name="district")
app.add_typer(register, name="register")

FormatOption = Annotated[str, typer.Option("--format", help="table | csv | json.")]


@communes.command(help="Ghi danh mục xã của một huyện (hoặc tỉnh) từ bảng toàn quốc ra tệp CSV để huyện sửa và dùng.")
def init(
    name: Annotated[str, typer.Argument(help="Tên huyện, hoặc tên tỉnh.")],
    to: Annotated[Path, typer.Option(help="Tệp CSV mới.", show_default=False)],
    province: Annotated[str, typer.Option(help="Tên tỉnh, khi nhiều tỉnh có huyện cùng tên.", show_default=False)] = "",
    lang: LangOption = None,
) -> None:
    from rasoat import district_tables
    from schema import country

    tongue = language(lang)
    shown = messages.printable(name)
    places, provinces = country.communes(name, province), country.provinces_of(name)
    if not places:
        raise SettingsError(messages.text("district-unknown", tongue, name=shown))
    if len(provinces) > 1 and not province:
        raise SettingsError(messages.text("district-several", tongue, name=shown, provinces=", ".join(provinces)))
    district_tables.write_communes(to, places, tongue)
    print(messages.text("district-written", tongue, count=len(places), path=to))


@communes.command(help="Dùng danh mục xã trong tệp CSV thay cho danh mục đang giữ, rồi kiểm tra lại.")
def use(
    file: Annotated[Path, typer.Argument(help="Tệp CSV; chỉ cần cột commune (Tên xã).")],
    db: Db,
    lang: LangOption = None,
) -> None:
    from rasoat import district_tables, recheck
    from schema import district
    from schema.store import Store

    tongue = language(lang)
    places = district_tables.communes(file, tongue)
    with Store(db) as store:
        district.keep_communes(store, places)
        print(messages.text("district-used", tongue, count=len(places)))
        print(recheck.told(store, tongue))


@register.command(help="Nạp sổ văn bản phát hành (CSV) thay cho sổ đang giữ, rồi so các viện dẫn với sổ.")
def load(
    file: Annotated[Path, typer.Argument(help="Tệp CSV: số ký hiệu, ngày ban hành, trích yếu.")],
    db: Db,
    level: Annotated[
        str | None,
        typer.Option(help="Sổ của cấp nào: district | province | central. Mặc định theo ngày ban hành: huyện đến "
                     "30/6/2025, tỉnh từ 01/7/2025.", show_default=False),
    ] = None,
    lang: LangOption = None,
) -> None:  # fmt: skip
    from rasoat import district_tables, recheck
    from schema import district
    from schema.store import Store

    tongue = language(lang)
    choice(level, district_tables.LEVELS, tongue)
    entries = district_tables.register(file, level, tongue)
    with Store(db) as store:
        district.keep_register(store, entries)
        print(messages.text("register-loaded", tongue, count=len(entries)))
        print(recheck.told(store, tongue, inside_too=False))


@app.command(help="Báo cáo còn thiếu: xã nào chưa nộp báo cáo nào, theo danh mục xã, hoặc theo các xã từng nộp.")
def missing(
    db: Db,
    period: Annotated[
        str | None, typer.Option(help="Kỳ: 2024-06, 'quý II/2024', '6 tháng 2024', 2024, …", show_default=False)
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Loại báo cáo, ví dụ cchc.", show_default=False)] = None,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    from schema import district, due, queries
    from schema.store import Store

    tongue = language(lang)
    choice(format, ("table", "csv", "json"), tongue)
    wanted = options.period(period, tongue)
    with Store(db, read_only=True) as store:
        reports = queries.rows(store.conn, "SELECT * FROM reports WHERE newest")
        places = district.gazetteer(store.conn)
        lacking = due.lacking(reports, places, wanted, topic)
    if not lacking and format == "table":
        return print(messages.text("none-missing" if reports or places else "nobody-known", tongue))
    names = ["commune", "district", "topic", "period_start", "period_end"]
    rows = [
        (one.label, one.district, report.topic, report.start.isoformat(), report.end.isoformat())
        for report, communes in lacking
        for one in communes
    ]
    _print(names, rows, format)


@app.command(help="Các bản của một báo cáo: bản sau nói khác bản trước ở đâu, trích cả hai. Không nêu thì liệt kê.")
def versions(
    db: Db,
    report: Annotated[str | None, typer.Argument(help="Mã báo cáo hoặc tên tệp.", show_default=False)] = None,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    from schema import versions as stored
    from schema import waivers
    from schema.store import Store

    tongue = language(lang)
    choice(format, ("table", "csv", "json"), tongue)
    with Store(db, read_only=True) as store:
        if report is None:
            names = ["report_id", "file_name", "commune", "topic", "period_start", "period_end", "version", "newest"]
            rows = [tuple(row[name] for name in names) for row in stored.families(store.conn)]
            if not rows and format == "table":
                return print(messages.text("no-versions", tongue))
            return _print(names, rows, format)
        known = waivers.report_of(store.conn, report)
        if known is None:
            raise SettingsError(messages.text("waive-no-report", tongue, value=messages.printable(report)))
        _print_steps(_steps(store, stored.family(store.conn, known)), tongue, format)


def _steps(store: Store, family: list[Any]) -> list[Step]:
    from rasoat.show_versions import Step
    from schema import versions as stored

    found = []
    for older, newer in pairwise(family):
        ids = older["report_id"], newer["report_id"]
        found.append(Step(older, newer, stored.changes(store.conn, *ids), *stored.findings(store.conn, *ids)))
    return found


def _print_steps(steps: Sequence[Step], lang: Lang, format: str) -> None:
    from rasoat import show, show_versions
    from schema.catalogue import by_code

    if format == "table":
        names = {code: one.name_vi for code, one in by_code().items()}
        if not steps:
            print(messages.text("one-version", lang))
        for one in steps:
            show.on_stdout(partial(show_versions.step, one, names, lang))
        return
    rows = [row for one in steps for row in show_versions.records(one)]
    names_of_columns = list(rows[0]) if rows else []
    _print(names_of_columns, [tuple(row.values()) for row in rows], format)


def _print(names: list[str], rows: Sequence[tuple[Any, ...]], format: str) -> None:
    from rasoat import export, show

    if format == "json":
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    elif format == "csv":
        export.csv_table(sys.stdout, ("rows", names, [list(row) for row in rows]))
    else:
        show.on_stdout(lambda out: show.table(names, list(rows), out))
