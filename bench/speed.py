"""All speed measurements that exist, one after the other: ``python -m bench.speed``.

Each part is a module of its own that prints its figures when run; a process for each keeps one part's caches and
memory out of the next. Figures are ratios within one run, since machines differ.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

PARTS = ("startup", "reading", "extraction", "checking", "isolation", "review_pages")


def main() -> int:
    worst = 0
    for part in PARTS:
        if find_spec(f"bench.{part}") is None:
            print(f"\n{part}: not measured here")
            continue
        print(f"\n{part}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"bench.{part}"], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
