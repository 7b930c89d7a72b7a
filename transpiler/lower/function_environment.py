"""What a function may not need that runs in a Python environment of its own."""

from __future__ import annotations

from transpiler.lower.airflow_names import needs_airflow
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.module_index import nested_imports
from transpiler.lower.project_modules import ProjectModules
from transpiler.model.finding import finding
from transpiler.model.values import FunctionRef


def refuse_imports_in(modules: ProjectModules, ref: FunctionRef) -> None:
    """Refuse imports in the body that the environment does not have: UntranslatableError, D2Z304 for
    those of Airflow, D2Z305 for those of the project.
    """
    for node, one in nested_imports(ref.node):
        module = modules.absolute(ref.module, one.module)
        qualified = module if one.member is None else f"{module}.{one.member}"
        if needs_airflow(qualified):
            code, detail = "D2Z304", f"{ref.name} imports {qualified} in an environment of its own"
        elif modules.path_of(module) is not None or modules.path_of(qualified) is not None:
            code = "D2Z305"
            detail = f"{ref.name} imports {qualified} of the project in an environment of its own"
        else:
            continue
        raise UntranslatableError(finding(code, modules.span(ref.module, node), detail))
