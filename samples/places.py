"""Places that do not exist: communes, districts and provinces put together from syllables."""
from __future__ import annotations

import random
from dataclasses import dataclass

_FIRST = ("Mộc", "Khuê", "Thạch", "Lạc", "Tường", "Diên", "Trúc", "Vân", "Quế", "Sa", "Hạc", "Bích")
_SECOND = ("Thiềm", "Vạc", "Khoái", "Sưởng", "Miện", "Ngạn", "Liễn", "Trĩ", "Dạ", "Phiến", "Đoài", "Nghiêu")


@dataclass(frozen=True, slots=True)
class Place:
    """A commune (``kind`` xã, phường or thị trấn). ``district`` is '' from 1 July 2025 on."""

    kind: str
    name: str
    district: str
    province: str
    neighbours: tuple[str, ...] = ()

    @property
    def village(self) -> str:
        return {"xã": "thôn", "thị trấn": "khu phố"}.get(self.kind, "tổ dân phố")

    @property
    def above(self) -> str:
        return f"UBND huyện {self.district}" if self.district else f"UBND tỉnh {self.province}"


def district(rng: random.Random, communes: int, *, era: int = 1) -> list[Place]:
    """``communes`` communes of one district (era 1), or of one province after the reform (era 2)."""
    pairs = [f"{a} {b}" for a in _FIRST for b in _SECOND]
    rng.shuffle(pairs)
    above, province, names = pairs[0], pairs[1], pairs[2 : 2 + communes]
    kinds = rng.choices(("xã", "thị trấn" if era == 1 else "phường", "phường"), (14, 2, 1), k=communes)
    if len(names) < communes:
        raise ValueError(f"no more than {len(pairs) - 2} communes in one district")
    return [Place(kind, name, above if era == 1 else "", province, tuple(n for n in names if n != name)[:3])
            for kind, name in zip(kinds, names, strict=True)]
