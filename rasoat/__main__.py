"""``python -m rasoat`` and the ``rasoat`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; exits with the statuses of the contract."""
    from rasoat.cli import run  # late: `import rasoat.__main__` in a child process must cost nothing

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
