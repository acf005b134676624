"""Draws a world: the consistent figures of one commune and period, subject by subject."""
from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

from samples.period import Period
from samples.places import Place
from samples.world import World, part_of, split, tenth


def _profile(rng: random.Random, w: World) -> None:
    if w.keep("v.", "h.", "p.", "a."):
        return
    households = rng.randint(900, 4200)
    w.put(v__n=rng.randint(6, 17), h__n=households, p__n=int(households * rng.uniform(3.3, 4.1)))
    w.put(a__km=rng.randint(3, 19))
    w.put("measure", a__agri=tenth(rng, 400, 1500), a__non=tenth(rng, 120, 400), a__bare=tenth(rng, 5, 60))
    w.add("a.ha", ("a.agri", "a.non", "a.bare"), "measure")


def _steering(rng: random.Random, w: World) -> None:
    tasks = rng.randint(20, 48)
    done = part_of(rng, tasks, 0.6, 0.95)
    w.put(cp__done=done, cp__left=tasks - done)
    w.add("cp.tasks", ("cp.done", "cp.left"))
    w.share(rng, "cp.rate", "cp.done", "cp.tasks")
    found = rng.randint(5, 16)
    w.put(sc__units=rng.randint(3, 6), sc__found=found, sc__fixed=part_of(rng, found, 0.5, 0.95))
    w.share(rng, "sc.rate", "sc.fixed", "sc.found")
    w.put(w__news=rng.randint(35, 260), w__visits=rng.randint(6000, 48000), w__radio=rng.randint(20, 140))
    now, later = rng.randint(5, 14), rng.randint(2, 6)
    w.put(dg__people=rng.randint(45, 160), dg__now=now, dg__later=later)
    w.add("dg.total", ("dg.now", "dg.later"))
    cases = rng.randint(7, 26)
    w.put(lw__n=rng.randint(3, 15), lw__people=rng.randint(220, 980), md__total=cases,
          md__ok=part_of(rng, cases, 0.7, 0.95))
    w.share(rng, "md.rate", "md.ok", "md.total")


def _procedures(rng: random.Random, w: World) -> None:
    if w.keep("t."):
        return
    commune, police, army = rng.randint(98, 149), rng.randint(9, 18), rng.randint(4, 8)
    w.put(t__commune=commune, t__police=police, t__army=army)
    w.add("t.total", ("t.commune", "t.police", "t.army"))
    full, some, none = split(rng, int(w["t.total"]) - 30, 3)
    w.put(t__full=full + 10, t__part=some + 10, t__info=none + 10)
    w.add("t.total", ("t.full", "t.part", "t.info"))


FIELDS = ("Chứng thực", "Hộ tịch", "Đất đai", "Bảo trợ xã hội", "Người có công")


def _dossiers(rng: random.Random, w: World) -> None:
    scale = w.period.months
    columns = ("online", "direct", "carried", "early", "ontime", "late", "pending")
    for i, _ in enumerate(FIELDS):
        new = rng.randint(12, 80) * scale + 20
        online = part_of(rng, new, 0.75, 0.97)
        carried = int(w.before[f"f{i}.pending"]) if w.before else rng.randint(1, 9)
        pending = rng.randint(1, 9)
        resolved = new + carried - pending
        late = rng.randint(0, 3) if i == 2 else 0
        early = part_of(rng, resolved - late, 0.7, 0.9)
        row = (online, new - online, carried, early, resolved - late - early, late, pending)
        w.put_all({f"f{i}.{column}": number for column, number in zip(columns, row, strict=True)})
        w.add(f"f{i}.received", [f"f{i}.{c}" for c in ("online", "direct", "carried")])
        w.add(f"f{i}.resolved", [f"f{i}.{c}" for c in ("early", "ontime", "late")])
    for column in (*columns, "received", "resolved"):
        w.add(f"d.{column}", [f"f{i}.{column}" for i, _ in enumerate(FIELDS)])
    w.add("d.received", ("d.online", "d.direct", "d.carried"))
    w.add("d.received", ("d.resolved", "d.pending"))
    w.add("d.resolved", ("d.early", "d.ontime", "d.late"))
    w.add("d.new", ("d.online", "d.direct"))
    w.add("d.good", ("d.early", "d.ontime"))
    w.share(rng, "d.goodrate", "d.good", "d.resolved")
    w.share(rng, "d.onlinerate", "d.online", "d.new")
    new = int(w["d.new"])
    w.put(d__digit=part_of(rng, new, 0.8, 0.99), pay__all=part_of(rng, new, 0.5, 0.7))
    w.put(pay__ok=part_of(rng, int(w["pay.all"]), 0.6, 0.97))
    w.share(rng, "d.digitrate", "d.digit", "d.new")
    w.share(rng, "pay.rate", "pay.ok", "pay.all")
    forms = rng.randint(15, 40) * 10
    w.put(sv__forms=forms, sv__happy=part_of(rng, forms, 0.93, 0.99), fb__in=rng.randint(4, 15))
    w.put(fb__out=int(w["fb.in"]))
    w.share(rng, "sv.rate", "sv.happy", "sv.forms")
    w.share(rng, "fb.rate", "fb.out", "fb.in")


def _staff(rng: random.Random, w: World) -> None:
    w.put(tr__n=rng.randint(8, 40))
    if w.keep("st.", "deg.", "pol.", "ns.", "os."):
        return
    cadres, civil = rng.randint(9, 10), rng.randint(6, 8)
    w.put(st__cadres=cadres, st__civil=civil)
    w.add("st.total", ("st.cadres", "st.civil"))
    total = int(w["st.total"])
    w.put(st__quota=total + 1, st__female=part_of(rng, total, 0.25, 0.5), st__party=part_of(rng, total, 0.85, 1))
    master, middle = rng.randint(1, 3), rng.randint(1, 2)
    w.put(deg__m=master, deg__b=total - master - middle, deg__i=middle)
    w.add("st.total", ("deg.m", "deg.b", "deg.i"))
    high, low = rng.randint(1, 2), rng.randint(1, 3)
    w.put(pol__a=high, pol__i=total - high - low, pol__e=low)
    w.add("st.total", ("pol.a", "pol.i", "pol.e"))
    w.put(ns__n=rng.randint(8, 10), os__reserve=rng.randint(2, 3))
    w.put(os__a=rng.randint(2, 3), os__b=1, os__c=rng.randint(1, 2))
    w.add("os.members", ("os.a", "os.b", "os.c"))


def _money(rng: random.Random, w: World) -> None:
    w.put("money", c__equip=rng.randint(15, 60), c__comm=rng.randint(8, 25))
    w.add("c.total", ("c.equip", "c.comm"), "money")
    w.put("money", c__plan=int(w["c.total"]) + rng.randint(5, 40))
    w.share(rng, "c.rate", "c.total", "c.plan", bounded=False)


def _egov(rng: random.Random, w: World) -> None:
    out = rng.randint(60, 110) * w.period.months
    w.put(dc__out=out, dc__in=out * 2 + rng.randint(5, 90), dc__signed=part_of(rng, out, 0.93, 0.995))
    w.share(rng, "dc.rate", "dc.signed", "dc.out")
    if w.keep("sg.", "cm.", "em."):
        return
    lead, civil = rng.randint(3, 4), rng.randint(5, 8)
    w.put(sg__lead=lead, sg__civil=civil, sg__org=2, cm__shop=rng.randint(2, 4), cm__staff=int(w["st.total"]),
          em__n=int(w["st.total"]))
    w.add("sg.total", ("sg.lead", "sg.civil"))
    w.add("cm.total", ("cm.staff", "cm.shop"))


def _identity(rng: random.Random, w: World) -> None:
    eligible = int(int(w["p.n"]) * rng.uniform(0.7, 0.8))
    accounts = part_of(rng, eligible, 0.8, 0.9)
    added = rng.randint(60, 140) * min(w.period.months, 3)
    known, active = accounts - added, part_of(rng, accounts, 0.75, 0.95)
    if w.before:
        eligible, known = int(w.before["e.elig"]), int(w.before["e.acc"])
        added = rng.randint(5, max(6, (eligible - known) // 4))
        active = int(w.before["e.act"]) + rng.randint(1, added)
    w.put(e__elig=eligible, e__prev=known, e__new=added, e__act=active)
    w.add("e.acc", ("e.prev", "e.new"))
    w.share(rng, "e.accrate", "e.acc", "e.elig")
    w.share(rng, "e.actrate", "e.act", "e.acc")
    births, deaths = rng.randint(8, 90), rng.randint(5, 30)
    w.put(lk__birth=births, lk__death=deaths, id__cards=rng.randint(40, 400))
    w.add("lk.total", ("lk.birth", "lk.death"))
    w.put(lk__done=part_of(rng, births + deaths, 0.9, 0.98))
    w.share(rng, "lk.rate", "lk.done", "lk.total")


def _economy(rng: random.Random, w: World) -> None:
    w.put("measure", gv__a=tenth(rng, 60, 180), gv__b=tenth(rng, 40, 160), gv__c=tenth(rng, 50, 170))
    w.add("gv.total", ("gv.a", "gv.b", "gv.c"), "measure")
    for letter in "abc":
        w.share(rng, f"gv.{letter}rate", f"gv.{letter}", "gv.total")
    w.put("measure", inc__prev=tenth(rng, 38, 60), inc__up=tenth(rng, 1.2, 5))
    w.add("inc.now", ("inc.prev", "inc.up"), "measure")
    done, going = rng.randint(2, 6), rng.randint(2, 4)
    w.put(pj__done=done, pj__going=going)
    w.add("pj.total", ("pj.done", "pj.going"))


def _farming(rng: random.Random, w: World) -> None:
    for crop, yields in (("r1", (56, 66)), ("r2", (50, 60)), ("co", (42, 50))):
        area, crop_yield = rng.randint(60, 480), tenth(rng, *yields)
        output = (area * crop_yield / 10).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        w.put_all({f"{crop}.area": area, f"{crop}.yield": crop_yield, f"{crop}.out": output}, "measure")
    w.add("ri.area", ("r1.area", "r2.area"), "measure")
    w.add("ri.out", ("r1.out", "r2.out"), "measure")
    w.add("gr.out", ("ri.out", "co.out"), "measure")
    w.put("measure", cr__veg=Decimal(rng.randint(20, 150)))
    w.add("cr.total", ("r1.area", "r2.area", "co.area", "cr.veg"), "measure")
    w.put(hd__buf=rng.randint(120, 700), hd__cow=rng.randint(210, 1200), hd__pig=rng.randint(1300, 6000),
          hd__hen=rng.randint(18, 90) * 1000)
    w.add("hd.total", ("hd.buf", "hd.cow", "hd.pig"))


def _budget(rng: random.Random, w: World) -> None:
    sums = (("b.rev", ("b.own", "b.shared", "b.above", "b.moved")), ("b.exp", ("x.inv", "x.run", "x.other")))
    for name, parts in sums:
        w.put_all({part: rng.randint(210, 5900) for part in parts}, "money")
        w.add(name, parts, "money")
    w.put("money", b__plan=int(w["b.rev"] * tenth(rng, 0.82, 1.6, 2)))
    w.share(rng, "b.rate", "b.rev", "b.plan", bounded=False)


def _social(rng: random.Random, w: World) -> None:
    start, out, new = rng.randint(60, 160), rng.randint(12, 40), rng.randint(2, 9)
    w.put(pv__start=start, pv__out=out, pv__new=new, pv__end=start - out + new, np__end=rng.randint(50, 150))
    w.share(rng, "pv.rate", "pv.end", "h.n")
    w.share(rng, "np.rate", "np.end", "h.n")
    w.put(bh__n=part_of(rng, int(w["p.n"]), 0.88, 0.98), cu__n=part_of(rng, int(w["h.n"]), 0.85, 0.97))
    w.share(rng, "bh.rate", "bh.n", "p.n")
    w.share(rng, "cu.rate", "cu.n", "h.n")
    plan = rng.randint(9, 24) * 10
    w.put(jb__plan=plan, jb__n=part_of(rng, plan, 0.8, 1.2), nt__met=rng.randint(13, 18), nt__all=19,
          mi__n=rng.randint(7, 16))
    w.put(nt__left=19 - int(w["nt.met"]))
    w.share(rng, "jb.rate", "jb.n", "jb.plan", bounded=False)
    w.put(sc__kg=rng.randint(180, 420), sc__prim=rng.randint(300, 700), sc__sec=rng.randint(250, 520))
    w.add("sc.pupils", ("sc.kg", "sc.prim", "sc.sec"))


def _petitions(rng: random.Random, w: World) -> None:
    w.put(ci__sched=rng.randint(8, 30), ci__reg=rng.randint(9, 40))
    w.add("ci.total", ("ci.sched", "ci.reg"))
    w.put(pt__ask=rng.randint(9, 22), pt__comp=rng.randint(3, 8), pt__den=rng.randint(1, 4))
    w.add("pt.total", ("pt.ask", "pt.comp", "pt.den"))
    w.put(pt__done=part_of(rng, int(w["pt.total"]), 0.8, 0.97))
    w.share(rng, "pt.rate", "pt.done", "pt.total")


def _models(rng: random.Random, w: World) -> None:
    w.put(mo__done=rng.randint(9, 22), mo__run=rng.randint(3, 9), mo__wait=rng.randint(2, 5))
    w.add("mo.total", ("mo.done", "mo.run", "mo.wait"))
    w.put(ld__ok=rng.randint(900, 2500), ld__bad=rng.randint(200, 700), ld__none=rng.randint(80, 300))
    w.add("ld.total", ("ld.ok", "ld.bad", "ld.none"))
    for part in ("ok", "bad", "none"):
        w.share(rng, f"ld.{part}rate", f"ld.{part}", "ld.total")
    w.put(tg__n=int(w["v.n"]), tg__people=int(w["v.n"]) * rng.randint(5, 8), tg__days=rng.randint(5, 18),
          tg__served=rng.randint(250, 1500))


_DRAWN = (_profile, _steering, _procedures, _dossiers, _staff, _money, _egov, _identity,
          _economy, _farming, _budget, _social, _petitions, _models)


def world(rng: random.Random, place: Place, period: Period, before: World | None = None) -> World:
    """``before`` is the same commune's world of the period just ended: people and land stay, series go on."""
    w = World(place, period, before=before)
    for draw in _DRAWN:
        draw(rng, w)
    return w
