"""Patterns as git's ignore files have them, as regular expressions."""

from __future__ import annotations

import re

ANY_FOLDER = "^.*/"
_END = r"(?:/.*)?$"


def glob_regex(pattern: str) -> str | None:
    """The expression that a path (from the folder of the ignore file, or its last name) is held
    against from its start; None for a line that is no pattern. A leading `!` is not part of it.

    The rules are those of https://git-scm.com/docs/gitignore#_pattern_format, as Airflow's library
    for them reads them: a folder's path ends with a slash.
    """
    text = pattern if pattern.endswith("\\ ") else pattern.rstrip()
    parts = text.split("/")
    if parts[0] == "":
        del parts[0]
    elif len(parts) == 1 or (len(parts) == 2 and not parts[1]):
        parts.insert(0, "**")
    if text.strip() in ("", "/") or not parts or text.startswith("#"):
        return None
    folder = not parts[-1]
    if folder:
        parts[-1] = "**"
    merged = [
        part for i, part in enumerate(parts) if i == 0 or part != "**" or parts[i - 1] != part
    ]
    return _joined(merged, folder)


def _joined(parts: list[str], folder: bool) -> str | None:
    if parts == ["**"] or parts == ["**", "*"]:
        return ANY_FOLDER if folder else "^."
    if parts == ["**", "*", "**"]:
        return ANY_FOLDER
    found = "^"
    last = len(parts) - 1
    for i, part in enumerate(parts):
        if part == "**":
            found += "(?:.+/)?" if i == 0 else "/" if i == last else "(?:/.+)?"
            continue
        if i and not (i == 1 and parts[0] == "**"):
            found += "/"
        segment = "[^/]+" if part == "*" else _segment(part)
        if segment is None:
            return None
        found += segment + (_END if i == last else "")
    return found


def _segment(text: str) -> str | None:
    """One name of the path; None where a backslash ends it, or a bracket stays open."""
    found, i = "", 0
    while i < len(text):
        char = text[i]
        i += 1
        if char == "\\":
            if i == len(text):
                return None
            found += re.escape(text[i])
            i += 1
        elif char == "*":
            found += "" if found.endswith("[^/]*") else "[^/]*"
        elif char == "?":
            found += "[^/]"
        elif char == "[":
            end = _closing(text, i)
            if end is None:
                return None
            found += _class(text[i:end])
            i = end + 1
        else:
            found += re.escape(char)
    return found


def _closing(text: str, start: int) -> int | None:
    """Where the bracket ends; a `]` that comes first is one of the characters."""
    first = start + 1 if text[start : start + 1] in ("!", "^") else start
    end = text.find("]", first + 1)
    return end if end != -1 else None


def _class(inner: str) -> str:
    negated = inner[0] in "!^"
    body = (inner[1:] if negated else inner).replace("\\", "\\\\").replace("[", "\\[")
    return f"[{'^' if negated else ''}{body.replace(']', chr(92) + ']')}]"
