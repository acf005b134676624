"""Document in, Facts out: citations first, then dates, then numbers; each masks what it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.model import Document, Facts

if TYPE_CHECKING:
    from extractors.frames import Frame


def extract(document: Document) -> Facts:
    """Everything that ``document`` states, each kind in text order. Pure."""
    from extractors import (
        cells,
        citations,
        dates,
        figures,
        frames,
        header,
        indicators,
        percentages,
        periods,
        quantities,
        ratios,
        tabled,
    )
    from extractors.masks import Taken

    head = header.read(document)
    taken = Taken(header.spans(document))
    cited = citations.find(document, head, taken)
    dated = dates.find(document, head, taken)
    for mention in dated:
        taken.add(mention.start, mention.end)
    cut = frames.cut(document, taken.free)
    read = [() if _is_cell(frame) else figures.read(frame) for frame in cut]
    table_cells = cells.read(document, cut)
    found = [*(figure for row in read for figure in row), *(cell.figure for cell in table_cells)]
    low = frames.lowered(document.text)
    reader = indicators.Reader(document, periods.Clock(dated, head))
    stated = [value for frame, row in zip(cut, read, strict=True) for value in reader.frame(frame, row)]
    stated += tabled.read(reader, cut, table_cells)
    return Facts(
        header=head,
        citations=cited,
        dates=dated,
        quantities=tuple(sorted(quantities.mentions(found), key=lambda m: m.start)),
        percentages=tuple(sorted(percentages.mentions(found), key=lambda m: m.start)),
        ratios=tuple(sorted(ratios.mentions(found, low), key=lambda m: m.start)),
        indicators=tuple(sorted(stated, key=lambda value: (value.start, value.indicator))),
    )


def _is_cell(frame: Frame) -> bool:
    return frame.passage is not None and frame.passage.kind == "table-cell"
