"""Small files in `.dag2zen` that tell other tools how to treat what lies there."""

from __future__ import annotations

from transpiler.workspace.paths import STATE_FOLDER

STATE_FILES = {
    f"{STATE_FOLDER}/.gitattributes": (
        b"# Kept by dag2zen for merging later runs with hand edits. Commit this folder.\n"
        b"* linguist-generated\n"
        b"base/* binary\n"
    ),
    f"{STATE_FOLDER}/.gitignore": b"/journal.json\n/lock\n/staging-*\n",
}
"""Commit hosts fold the folder away in a change, and what one run leaves behind is not committed."""
