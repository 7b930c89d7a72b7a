"""Codes 5xx: the output folder."""

from __future__ import annotations

from transpiler.model.codes.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "D2Z501",
        "warning",
        "Module is shadowed",
        "A module of the project has the name of a package that emitted code imports.",
        "Rename the module, or keep it off the import path of the emitted project.",
    ),
    Code(
        "D2Z502",
        "info",
        "Name changed",
        "A name that Python or the file system cannot carry was replaced in the output.",
        "Nothing to do; the ids are kept.",
    ),
    Code(
        "D2Z503",
        "manual",
        "Output file was edited by hand",
        "A file in the output folder is not as this tool wrote it, and would be overwritten.",
        "Move the file away, or write to another folder.",
    ),
    Code(
        "D2Z510",
        "manual",
        "Merge conflict",
        "A re-run generates other text for lines that were edited by hand; both are in the file, between conflict markers.",
        "Choose between the two texts, and remove the markers.",
    ),
    Code(
        "D2Z511",
        "warning",
        "Edited file is not made any more",
        "The task or DAG is gone, but the file made for it was edited by hand, so it stays. It is yours from now on.",
        "Remove the file if you do not need it.",
    ),
    Code(
        "D2Z512",
        "info",
        "Output file was deleted by hand",
        "A file that would be generated was deleted, and stays deleted.",
        "Nothing to do; `dag2zen transpile --restore` makes it again.",
    ),
    Code(
        "D2Z513",
        "info",
        "Merged with hand edits",
        "A file with hand edits took over what is newly generated, without conflict.",
        "Read the merged file, as after any merge.",
    ),
    Code(
        "D2Z514",
        "manual",
        "Output file of another DAG file",
        "Two DAG files that were read in different runs make the same output file; the first one keeps it, unless it is gone.",
        "Read both in one run, which gives them different names, or write to another folder.",
    ),
)
