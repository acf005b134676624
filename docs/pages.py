"""Writes the pages of docs/ that are made from data: ``python -m docs.pages``. A test keeps them up to date."""
from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def rules() -> str:
    """Every rule: titles, severity, why it exists, what it says, examples that fail and that pass."""
    folder = ROOT / "checks/data"
    catalogue, messages = _toml(folder / "rules.toml"), _toml(folder / "messages.toml")
    lines = ["# Rules", "", "Generated from `checks/data`; `make docs` writes it anew. A severity can be changed for a "
             "district in its settings file, a finding, a rule or a report can be waived with `rasoat waive`.", "",
             "| rule | severity | Vietnamese title | English title |", "|---|---|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {rule['severity']} | {rule['title_vi']} | {rule['title_en']} |"
              for name, rule in catalogue.items()]
    for name, rule in catalogue.items():
        lines += ["", f"## {name}", "", f"**{rule['title_vi']}** – {rule['title_en']} ({rule['severity']}).", "",
                  rule["why"], "", "It says:", ""]
        lines += [f"- `{variant}`: {text['en']}" for variant, text in messages.get(name, {}).items()]
        for held in ("examples", "examples/across"):
            lines += _examples(folder / held / f"{name}.toml")
    return "\n".join(lines) + "\n"


def _examples(path: Path) -> list[str]:
    if not path.exists():
        return []
    data, lines = _toml(path), []
    for kind, title in (("fail", "Flagged"), ("info", "Told as information"), ("pass", "Not flagged")):
        shown = data.get(kind, [])
        lines += ["", f"{title}, for example:", ""] if shown else []
        for item in shown:
            reports = item["reports"] if "reports" in item else [item["report"]]
            lines.append(f"- {' ⟂ '.join(_one_line(report) for report in reports)}")
            lines += [f"  → *{item['says']}*"] if "says" in item else []
    return lines


def _one_line(report: str) -> str:
    return " ⏎ ".join(line.strip().replace("|", "\\|") for line in report.strip().splitlines())


_OUTCOMES = (
    "Generated from `rasoat/data/messages.toml`; `make docs` writes it anew.",
    "",
    "Every file ever submitted ends in exactly one outcome: `ok`, `partial` (read, but not all of it could be",
    "accounted for), `duplicate`, `unsupported` (nothing is wrong with the file, but this program or machine cannot",
    "read its kind) or `failed`. `rasoat files` lists them; all but `ok` carry one of these codes.",
)
_STATUS = (
    "| status | meaning |",
    "|---|---|",
    "| 0 | done, all files good |",
    "| 1 | done, but some files failed or are partial; the ledger says which and why |",
    "| 2 | wrong usage |",
    "| 3 | the database cannot be used (see below) |",
    "| 130 | interrupted; run the same command again |",
)


def errors() -> str:
    """Every reason code of the ledger, with its sentence and next step."""
    from schema.errors import Reason

    texts = _toml(ROOT / "rasoat/data/messages.toml")
    lines = ["# Outcomes, reasons, exit status", "", *_OUTCOMES, "",
             "| reason_code | what it means and what to do | tiếng Việt |", "|---|---|---|"]
    for reason in Reason:
        text = texts["reason"][reason.value]
        lines.append(f"| `{reason.value}` | {_cell(text['en'])} | {_cell(text['vi'])} |")
    lines += ["", "## Exit status", "", *_STATUS, "", "## The database", "",
              "| code | message | tiếng Việt |", "|---|---|---|"]
    lines += [f"| `{code}` | {_cell(text['en'])} | {_cell(text['vi'])} |" for code, text in texts["database"].items()]
    lines += ["", "## Questions", "", "Why `rasoat query` does not answer ([queries](queries.md)); exit status 2.", "",
              "| code | message | tiếng Việt |", "|---|---|---|"]
    lines += [f"| `{code}` | {_cell(text['en'])} | {_cell(text['vi'])} |" for code, text in texts["query"].items()]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"\{\w+\}", "…", text.replace("|", "\\|"))


def _leaves(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Commands with their full names, those of groups (``rasoat user add``) in their place."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{before}{name} ")
        else:
            yield before + name, command


def commands() -> str:
    """Every command with its options, from the program itself."""
    import typer.main

    from rasoat.cli import app

    lines = ["# Commands", "",
             "Generated from the program; `make docs` writes it anew. Results go to stdout, progress to stderr.",
             "Vietnamese by default, English with `--lang en` or `RASOAT_LANG=en`."]
    group: Any = typer.main.get_command(app)
    for name, command in _leaves(group):
        lines += ["", f"## rasoat {name}", "", command.help or "", ""]
        for one in command.params:
            if one.param_type_name == "argument":
                lines.append(f"- `{one.name.upper()}`: {getattr(one, 'help', None) or ''}".rstrip(": "))
            elif "--help" not in one.opts:
                plain = one.required or one.default in (None, False) or callable(one.default)
                default = "" if plain else f" (`{one.default}`)"
                lines.append(f"- `{'`, `'.join(one.opts)}`: {one.help or ''}{default}")
    return "\n".join(lines) + "\n"


PAGES = {"rules.md": rules, "errors.md": errors, "commands.md": commands}


def main() -> None:
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
