"""Project subclasses of DAG and TaskGroup: their `__init__` runs until it reaches Airflow's class."""

from __future__ import annotations

from typing import Any

from transpiler.evaluate import dags
from transpiler.evaluate.airflow_names import DAG_CLASSES, GROUP_CLASSES
from transpiler.evaluate.builders import DagBuilder, GroupBuilder
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Builtin, UserClass
from transpiler.model.values import Ref


def structure_of(cls: UserClass) -> type[DagBuilder] | type[GroupBuilder] | None:
    """Which of the two Airflow classes the project's class derives from."""
    names = {item.qualified_name for item in cls.mro() if isinstance(item, Ref)}
    if names & DAG_CLASSES:
        return DagBuilder
    return GroupBuilder if names & GROUP_CLASSES else None


def instantiate(
    ip: Interpreter, cls: UserClass, args: tuple[Any, ...], kwargs: dict[str, Any], site: CallSite
) -> Any:
    """Call the class: a DAG or group with the arguments that reach Airflow's `__init__`."""
    from transpiler.evaluate.classes import run_init

    span, scope = ip.span(site.node, site.frame), site.frame.scope
    made: DagBuilder | GroupBuilder
    if structure_of(cls) is DagBuilder:
        made = DagBuilder("", {}, {}, span, scope, cls=cls)
    else:
        # The group's DAG is set by Airflow's `__init__`.
        made = GroupBuilder("", None, None, True, {}, "", span, cls=cls)  # type: ignore[arg-type]
    if any(isinstance(i, UserClass) and "__init__" in i.namespace for i in cls.mro()):
        run_init(ip, cls, made, args, kwargs, site)
    else:
        return _reach(made, site, args, kwargs)
    if made.attributes.get("#unknown"):
        return site.symbolic("its id is not known")
    if isinstance(made, DagBuilder) and not made.dag_id:
        text = f"{cls.name}.__init__ never calls super().__init__"
        raise DagCodeError("AttributeError", text, site.node)
    return made


def base_init(made: DagBuilder | GroupBuilder) -> Builtin:
    """`super().__init__` of such a class, bound to its object."""

    def init(site: CallSite, *args: Any, **kwargs: Any) -> None:
        if _reach(made, site, args, kwargs) is not made:
            made.attributes["#unknown"] = True

    return Builtin("__init__", init, wants_site=True)


def _reach(
    made: DagBuilder | GroupBuilder, site: CallSite, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    if isinstance(made, DagBuilder):
        return dags.make_dag(site, args, kwargs, into=made)
    return dags.make_group(site, args, kwargs, into=made)
