"""The command of this machine that stands in for an image."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Mapping, Sequence

from runtime.exceptions import PlatformError

COMMAND_PLACE = "{command}"


def image_command(
    images: Mapping[str, list[str]], image: str, command: Sequence[str], arguments: Sequence[str]
) -> list[str]:
    """Give the configured command of an image, with the container's own command and arguments.

    Images are looked up by name, by name without tag or digest, and then by pattern (`*`). The
    container's own `command` goes where the configured one has `{command}`; without that it is
    left out, because it names a program inside of the image. Raises `PlatformError` for an image
    that has none.
    """
    filled = [
        part
        for item in _configured(images, image)
        for part in (command if item == COMMAND_PLACE else [item])
    ]
    if not (found := [*filled, *arguments]):
        raise PlatformError(f"The image {image!r} has no local command and no own one.")
    return found


def _configured(images: Mapping[str, list[str]], image: str) -> list[str]:
    for name in (image, _without_version(image)):
        if name in images:
            return images[name]
    patterns = [pattern for pattern in images if fnmatch.fnmatchcase(image, pattern)]
    if patterns:
        return images[max(patterns, key=len)]
    near = difflib.get_close_matches(image, images, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise PlatformError(
        f"The local platform has no command for the image {image!r}.{hint} Add it to "
        f"`platform.images` in the configuration, as {image!r}: [python, -m, …]."
    )


def _without_version(image: str) -> str:
    name = image.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition(':')[0]}"
