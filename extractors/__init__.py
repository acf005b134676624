"""Document in, Facts out: citations first, then dates, then numbers; each masks what it took."""

from __future__ import annotations

from schema.model import Document, Facts


def extract(document: Document) -> Facts:
    """Everything that ``document`` states, each kind in text order. Pure."""
    from extractors import cells, citations, dates, figures, frames, header, percentages, quantities, ratios
    from extractors.masks import Taken

    head = header.read(document)
    taken = Taken(header.spans(document))
    cited = citations.find(document, head, taken)
    dated = dates.find(document, head, taken)
    for mention in dated:
        taken.add(mention.start, mention.end)
    cut = frames.cut(document, taken.free)
    found = [
        figure
        for frame in cut
        if frame.passage is None or frame.passage.kind != "table-cell"
        for figure in figures.read(frame)
    ]
    found += [cell.figure for cell in cells.read(document, cut)]
    low = frames.lowered(document.text)
    return Facts(
        header=head,
        citations=cited,
        dates=dated,
        quantities=tuple(sorted(quantities.mentions(found), key=lambda m: m.start)),
        percentages=tuple(sorted(percentages.mentions(found), key=lambda m: m.start)),
        ratios=tuple(sorted(ratios.mentions(found, low), key=lambda m: m.start)),
    )
