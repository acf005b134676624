"""Communes by date: the country's table, a district's own list, and what a report's header takes from it."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import CheckSettings
from rasoat import pipeline, tuning
from rasoat.settings import Settings
from schema import country, district
from schema.errors import CountryError, RasoatError
from schema.gazetteer import Gazetteer, Place, above, bare, short
from schema.model import Header
from schema.store import Store
from schema.text import unmarked
from tests.helpers_store import facts

OLD, NEW = date(2024, 6, 30), date(2025, 7, 1)
OWN = Gazetteer(
    (
        Place("Mộc Thiềm", "xã", "Huyện Khuê Vạc", "Tỉnh Vân Miện", None, date(2025, 6, 30)),
        Place("Hòa Dạ", "xã", "Huyện Khuê Vạc", "Tỉnh Vân Miện", None, date(2025, 6, 30)),
        Place("Khuê Vạc", "thị trấn", "Huyện Khuê Vạc", "Tỉnh Vân Miện", None, date(2025, 6, 30)),
        Place("Mộc Thiềm", "phường", "", "Tỉnh Vân Miện", NEW, None, ("xã Mộc Thiềm", "xã Hòa Dạ")),
        Place("Sa Trĩ", "xã", "", "Tỉnh Vân Miện", NEW, None, ("xã Mộc Thiềm",)),
    )
)


def header(**changes: str | date | None) -> Header:
    nothing = replace(facts().header, commune=None, commune_type=None, district=None, province=None)
    return replace(nothing, **{"issued_on": None, "period_end": OLD, **changes})  # type: ignore[arg-type]  # by name


def test_the_country_before_and_since_the_reform() -> None:
    held = country.country()
    assert (len(held.before), len(held.since)) == (10035, 3321)
    assert all(units for _, units in held.before)
    today = {(place.province, place.label) for place in held.since}
    assert {unit for _, units in held.before for unit in units} <= today


def test_a_district_of_the_country_has_its_communes_and_what_became_of_them() -> None:
    both = country.communes("Lạc Sơn")
    before = [place for place in both if place.valid_to == date(2025, 6, 30)]
    since = {place.label: place for place in both if place.valid_from == NEW}
    assert len(before) == 24
    assert {place.district for place in before} == {"Huyện Lạc Sơn"}
    assert {place.district for place in since.values()} == {""}
    assert set(since["xã Đại Đồng"].aliases) == {"xã Ân Nghĩa", "xã Tân Mỹ", "xã Yên Nghiệp"}
    assert country.communes("huyện lạc sơn", day=OLD) == tuple(before)
    assert country.communes("Lạc Sơn", day=NEW) == tuple(since.values())


def test_a_name_that_several_provinces_have_needs_its_province() -> None:
    assert {"Tỉnh Long An", "Tỉnh Tiền Giang"} <= set(country.provinces_of("Châu Thành"))
    assert {place.province for place in country.communes("Châu Thành", "Long An", OLD)} == {"Tỉnh Long An"}
    assert country.provinces_of("Hoài Đức") == ["Thành phố Hà Nội"]
    assert country.provinces_of("Không Đâu Cả") == []
    assert country.communes("Không Đâu Cả") == ()


def test_a_province_is_asked_for_like_a_district() -> None:
    assert country.provinces_of("Phú Thọ") == ["Tỉnh Phú Thọ"]
    assert {place.province for place in country.communes("tỉnh Phú Thọ", day=NEW)} == {"Tỉnh Phú Thọ"}


def test_without_the_package_there_is_one_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    country.country.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(country, "PACKAGE", "no-such-package-here")
        with pytest.raises(CountryError) as caught:
            country.provinces_of("Hoài Đức")
    assert caught.value.code == "no-country-table"
    assert isinstance(caught.value, RasoatError)
    country.country.cache_clear()


def test_only_the_data_of_the_package_is_read() -> None:
    country.country.cache_clear()
    country.country()
    assert {"vietnamadminunits", "shapely", "geopy"}.isdisjoint(sys.modules)


@pytest.mark.parametrize(
    ("name", "day", "found"),
    [
        ("Mộc Thiềm", OLD, ["xã Mộc Thiềm"]),
        ("xã Mộc Thiềm", OLD, ["xã Mộc Thiềm"]),
        ("MỘC THIỀM", OLD, ["xã Mộc Thiềm"]),
        ("moc thiem", OLD, ["xã Mộc Thiềm"]),
        ("Hoà Dạ", OLD, ["xã Hòa Dạ"]),  # the other tone placement
        ("Mộc Thiềm", NEW, ["phường Mộc Thiềm"]),  # its own name comes before an alias
        ("Hòa Dạ", NEW, ["phường Mộc Thiềm"]),  # by the name of a former commune
        ("TT. Khuê Vạc", OLD, ["thị trấn Khuê Vạc"]),
        ("Mốc Thiềm", OLD, []),  # other marks: another name
        ("Sa Trĩ", OLD, []),  # not yet
        ("Mộc", OLD, []),
    ],
)
def test_communes_are_found_by_name_and_day(name: str, day: date, found: list[str]) -> None:
    assert [place.label for place in OWN.find(name, day)] == found


def test_a_name_in_both_eras_needs_a_day() -> None:
    assert [place.label for place in OWN.find("Mộc Thiềm")] == ["xã Mộc Thiềm", "phường Mộc Thiềm"]
    assert [place.label for place in OWN.find("Mộc Thiềm", kind="phường")] == ["phường Mộc Thiềm"]


def test_a_header_is_settled_by_the_list() -> None:
    settled = OWN.settle(header(commune="Moc Thiem"))
    assert (settled.commune, settled.commune_type, settled.district, settled.province) == (
        "Mộc Thiềm", "xã", "Khuê Vạc", "Vân Miện",
    )  # fmt: skip
    later = OWN.settle(header(commune="Mộc Thiềm", period_end=date(2025, 12, 31)))
    assert (later.commune_type, later.district, later.province) == ("phường", None, "Vân Miện")


def test_a_header_keeps_what_the_report_says() -> None:
    own = header(commune="Mộc Thiềm", commune_type="xã", district="Khuê Vac", province="Vân Miện")
    assert OWN.settle(own) == own
    former = header(commune="Hòa Dạ", period_end=date(2025, 12, 31))
    assert OWN.settle(former) == former
    stranger = header(commune="Tường Liễn")
    assert OWN.settle(stranger) == stranger
    assert Gazetteer().settle(stranger) == stranger


def test_names_of_the_own_commune_are_those_of_its_parts() -> None:
    names = OWN.names(header(commune="Mộc Thiềm", period_end=date(2025, 12, 31)))
    assert names == {bare("Mộc Thiềm"), bare("Hòa Dạ")}
    assert OWN.names(header(commune="Tường Liễn")) == frozenset()


@given(st.sampled_from(["huyện", "Huyện", "HUYỆN", "quận", "thị xã", "Tỉnh", "thành phố"]), st.sampled_from(OWN.places))
def test_what_stands_above_is_told_by_its_name_alone(prefix: str, place: Place) -> None:
    assert above(f"{prefix} {place.name}") == above(place.name)
    assert short(f"{prefix} {place.name}") == place.name
    assert bare(place.label) == bare(place.name)


@given(st.sampled_from(country.country().since))
def test_every_commune_of_today_is_found_with_and_without_marks(place: Place) -> None:
    own = Gazetteer((place,))
    assert own.find(place.label, NEW) == own.find(unmarked(place.name), NEW) == [place]
    assert own.find(place.name, OLD) == []


def test_the_districts_list_is_kept_and_used(tmp_path: Path) -> None:
    path = Path(__file__).parents[1] / "samples/reports/cchc-nam-2023-xa-moc-thiem.pdf"
    with Store(tmp_path / "a.db") as store:
        assert district.gazetteer(store.conn) == Gazetteer()
        district.keep_communes(store, OWN.places)
        district.keep_communes(store, OWN.places)
        assert district.gazetteer(store.conn) == OWN
        chosen = tuning.current(store)
    assert chosen.places == OWN
    for checks, province in ((CheckSettings(), None), (chosen, "Vân Miện")):
        outcome = pipeline.process(path.read_bytes(), path.name, Settings(checks=checks))
        assert outcome.facts is not None
        assert (outcome.facts.header.commune, outcome.facts.header.province) == ("Mộc Thiềm", province)
