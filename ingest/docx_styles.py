"""Styles with inheritance, only what reading needs: bold, hidden, raised, font, outline level, list, centring."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ingest.docx_xml import Element, W, number, toggle, value


@dataclass(frozen=True, slots=True)
class RunStyle:
    """Effective properties of characters; None where nothing says so."""

    bold: bool | None = None
    hidden: bool | None = None
    raised: bool | None = None
    font: str | None = None

    def over(self, base: RunStyle) -> RunStyle:
        """This style laid over ``base``."""
        return RunStyle(
            base.bold if self.bold is None else self.bold,
            base.hidden if self.hidden is None else self.hidden,
            base.raised if self.raised is None else self.raised,
            self.font or base.font,
        )


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """Effective properties of a paragraph style. ``num_id`` and ``level`` link it to a list."""

    run: RunStyle = RunStyle()
    outline: int | None = None
    num_id: str | None = None
    level: int | None = None
    centred: bool | None = None
    name: str = ""


@dataclass(slots=True)
class Styles:
    """Styles by id, resolved at first use."""

    elements: dict[str, Element] = field(default_factory=dict)
    defaults: RunStyle = RunStyle()
    default_paragraph: str = ""
    _paragraphs: dict[str, ParagraphStyle] = field(default_factory=dict)

    def paragraph(self, style_id: str | None) -> ParagraphStyle:
        return self._resolve(style_id or self.default_paragraph, 0)

    def character(self, style_id: str) -> RunStyle:
        return self._resolve(style_id, 0, bare=True).run

    def _resolve(self, style_id: str, depth: int, bare: bool = False) -> ParagraphStyle:
        key = f"{style_id}\0" if bare else style_id
        if key in self._paragraphs:
            return self._paragraphs[key]
        base = ParagraphStyle(run=RunStyle() if bare else self.defaults)
        element = self.elements.get(style_id)
        if element is None or depth > 30:  # a loop of basedOn ends here
            return base
        parent = value(element.find(W + "basedOn"))
        if parent:
            base = self._resolve(parent, depth + 1, bare)
        self._paragraphs[key] = resolved = _laid_over(element, base)
        return resolved


def _laid_over(element: Element, base: ParagraphStyle) -> ParagraphStyle:
    run = read_run(element.find(W + "rPr")).over(base.run)
    name = (value(element.find(W + "name")) or "").lower()
    properties = element.find(W + "pPr")
    if properties is None:
        return replace(base, run=run, name=name)
    outline = number(properties.find(W + "outlineLvl"))
    link = properties.find(W + "numPr")
    centred = properties.find(W + "jc")
    return ParagraphStyle(
        run,
        base.outline if outline is None else outline,
        base.num_id if link is None else value(link.find(W + "numId")) or base.num_id,
        base.level if link is None or number(link.find(W + "ilvl")) is None else number(link.find(W + "ilvl")),
        base.centred if centred is None else value(centred) == "center",
        name,
    )


def read_run(properties: Element | None) -> RunStyle:
    """What an ``w:rPr`` says itself."""
    if properties is None or not len(properties):
        return RunStyle()
    fonts = properties.find(W + "rFonts")
    font = None if fonts is None else value(fonts, "hAnsi") or value(fonts, "ascii")
    raised = value(properties.find(W + "vertAlign"))
    return RunStyle(
        toggle(properties.find(W + "b")),
        toggle(properties.find(W + "vanish")),
        None if raised is None else raised == "superscript",
        font,
    )


def read(root: Element | None) -> Styles:
    """The styles part; without one nothing is bold and no style is linked to a list."""
    styles = Styles()
    if root is None:
        return styles
    styles.defaults = read_run(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    for element in root.findall(W + "style"):
        style_id = value(element, "styleId") or ""
        styles.elements[style_id] = element
        if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true"):
            styles.default_paragraph = style_id
    return styles
