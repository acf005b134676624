"""``rasoat export`` and ``rasoat letter``: what the district prints, sends, or opens in a spreadsheet."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from rasoat import messages, options
from rasoat.options import Db, LangOption, choice
from rasoat.settings import language
from schema.errors import SettingsError

app = typer.Typer()

WHAT = ("indicators", "findings", "citations", "all")
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="Chỉ một kỳ: 2024-Q2, 6/2024, 2024-H1, 2024…", show_default=False)
]


@app.command(help="Xuất bảng tổng hợp của huyện (xã × chỉ tiêu), phát hiện, văn bản viện dẫn.")
def export(
    db: Db,
    to: Annotated[Path, typer.Option(help="Tệp .xlsx, .csv hoặc thư mục .parquet.", show_default=False)],
    what: Annotated[str, typer.Option(help="indicators | findings | citations | all.")] = "all",
    topic: Annotated[
        str | None, typer.Option(help="Chỉ một chủ đề, ví dụ cchc, với indicators.", show_default=False)
    ] = None,
    period: PeriodOption = None,
    lang: LangOption = None,
) -> None:
    from rasoat import export as tables
    from rasoat.sheet.grid import Wanted
    from schema.store import Store

    tongue = language(lang)
    choice(what, WHAT, tongue)
    if to.suffix.lower() not in (".csv", ".xlsx", ".parquet"):
        raise SettingsError(messages.text("bad-export", tongue, path=to))
    if to.suffix.lower() == ".parquet" and not find_spec("pyarrow"):
        raise SettingsError(messages.text("no-pyarrow", tongue))
    wanted = Wanted(topic, options.period(period, tongue))
    if wanted != tables.EVERYTHING and what != "indicators":
        raise SettingsError(messages.text("only-indicators", tongue))
    with Store(db, read_only=True) as store:
        try:
            written = tables.write(store, to, what, wanted)  # type: ignore[arg-type]  # just checked
        except tables.NothingFoundError as error:
            raise SettingsError(messages.text("nothing-of-that", tongue)) from error
        except OSError as error:
            raise SettingsError(messages.text("cannot-write", tongue, path=to, detail=error.strerror)) from error
    for path in written:
        print(messages.text("exported", tongue, path=path))


@app.command(help="Phiếu yêu cầu giải trình gửi một xã (DOCX): các phát hiện thanh tra đã xác nhận, kèm trích dẫn.")
def letter(
    db: Db,
    commune: Annotated[
        str, typer.Option(help="Tên xã; trùng tên thì thêm huyện: \"Tân Lập, Lạc Sơn\".", show_default=False)
    ],
    to: Annotated[Path, typer.Option(help="Tệp .docx.", show_default=False)],
    period: PeriodOption = None,
    lang: LangOption = None,
) -> None:
    from rasoat.letter import content, paper
    from schema.store import Store

    tongue = language(lang)
    if to.suffix.lower() != ".docx":
        raise SettingsError(messages.text("bad-letter", tongue, path=to))
    wanted = options.period(period, tongue)
    with Store(db, read_only=True) as store:
        made = paper.paper(content.letter(store, commune, wanted, tongue))
    try:
        to.write_bytes(made)
    except OSError as error:
        raise SettingsError(messages.text("cannot-write", tongue, path=to, detail=error.strerror)) from error
    print(messages.text("exported", tongue, path=to))
