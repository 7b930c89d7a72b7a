"""Statements of the project without what only Airflow understands, and the names that they read."""

from __future__ import annotations

import libcst as cst

from transpiler.lower.airflow_names import is_airflow
from transpiler.lower.module_index import Statement, dotted
from transpiler.lower.names_read import NamesOf, UnreadableCodeError, names_of
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.source_edits import DropAnnotations, without_blank_lead
from transpiler.lower.source_names import SourceNames, missing
from transpiler.source.positions import statement_code


class PreparedStatements:
    """Prepares statements once for all DAGs of a file, which often use the same ones.

    `of_tasks` are the decorators of the project that make tasks.
    """

    def __init__(self, modules: ProjectModules, names: SourceNames) -> None:
        self._modules = modules
        self._names = names
        self.of_tasks: set[cst.Decorator] = set()

    def of(self, path: str, node: Statement) -> tuple[cst.CSTNode, NamesOf]:
        """The statement without Airflow's decorators and annotations, and its names.

        Raises UntranslatableError where the code cannot be read.
        """
        decorators = getattr(node, "decorators", ())
        key = ("prepared", path, id(node), *(one in self.of_tasks for one in decorators))
        if key not in self._modules.facts:
            # The node is kept too: another one would get its id.
            self._modules.facts[key] = (node, *self._made(path, node))
        _, statement, names = self._modules.facts[key]
        return statement, names

    def _made(self, path: str, node: Statement) -> tuple[cst.CSTNode, NamesOf]:
        tree = self._modules.index(path).module.tree
        statement: cst.CSTNode = without_blank_lead(self._without_decorators(path, node))
        names = self.names_of(statement_code(tree, statement), node, path)
        unmapped = {name for name in names.read if self._names.is_foreign(path, name)}
        if unmapped:
            statement = transformed(statement, DropAnnotations(unmapped))
            names = self.names_of(statement_code(tree, statement), node, path)
        return statement, names

    def _without_decorators(self, path: str, node: Statement) -> Statement:
        if not isinstance(node, cst.FunctionDef):
            return node
        kept = [one for one in node.decorators if not self.is_airflow_decorator(path, one)]
        dropped = [one for one in node.decorators if one not in kept]
        if not dropped:
            return node
        comments = [line for one in dropped for line in one.leading_lines if line.comment]
        comments += [line for line in node.lines_after_decorators if line.comment]
        return node.with_changes(
            decorators=kept,
            leading_lines=[*node.leading_lines, *comments],
            lines_after_decorators=[],
        )

    def is_airflow_decorator(self, path: str, decorator: cst.Decorator) -> bool:
        """Whether a decorator is Airflow's, or one of the project that makes a task."""
        node: cst.BaseExpression = decorator.decorator
        while isinstance(node, cst.Call):
            node = node.func
        root, _, rest = dotted(node).partition(".")
        for one in () if decorator in self.of_tasks else self._modules.index(path).imported(root):
            return is_airflow(self._names.qualified(path, one))
        return decorator in self.of_tasks or rest == "task" or rest.startswith("task.")

    def names_of(self, code: str, node: cst.CSTNode, path: str) -> NamesOf:
        """The names in code of the node. Raises UntranslatableError where it cannot be read."""
        try:
            return names_of(code)
        except UnreadableCodeError as error:
            span = self._modules.span(path, node)
            raise missing(f"the code cannot be read: {error}", span) from error


def transformed(node: cst.CSTNode, transformer: cst.CSTTransformer) -> cst.CSTNode:
    """A copy with the changes of a transformer that removes nothing."""
    result = node.visit(transformer)
    assert isinstance(result, cst.CSTNode)
    return result
