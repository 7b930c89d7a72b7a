"""`python -m transpiler` is the `dag2zen` command."""

from __future__ import annotations

from transpiler.cli import main

if __name__ == "__main__":
    main()
