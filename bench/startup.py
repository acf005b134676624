"""How soon the program answers: ``rasoat --help`` against Python itself, best of seven: ``python -m bench.startup``."""

from __future__ import annotations

import subprocess
import sys
import time

ALLOWED = 0.3  # seconds, on a machine that does nothing else


def best(*words: str) -> float:
    times = []
    for _ in range(7):
        begun = time.perf_counter()
        subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    bare, answer = best("-c", "pass"), best("-m", "rasoat", "--help")
    print(f"rasoat --help: {answer:.2f} s of {ALLOWED} s; Python alone {bare:.2f} s, ratio {answer / bare:.1f}")


if __name__ == "__main__":
    main()
