"""Executing the weekly notebook with papermill, and finding the errors that papermill lets pass.

The only module that imports papermill, and only when a run begins."""

import logging
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from wockit.language import Text, say, spoken
from wockit.notes import Problem, RunError, WockitError, nearest, quoted

CELL_SECONDS = 600


FEWEST_FILES = 128
"""Files that a run may have open at once, with its kernel."""


def allow_files() -> None:
    """Allow this process as many open files as a run needs.

    Raises
    ------
    WockitError
        If the system allows fewer: the kernel would wait for an answer in vain.
    """
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = FEWEST_FILES if hard == resource.RLIM_INFINITY else min(hard, FEWEST_FILES)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < FEWEST_FILES:
        message = Text("only {0} files may be open at once, and a run needs {1}.", hard, FEWEST_FILES)
        raise WockitError([Problem("wockit", message, "Raise the limit: ulimit -n 1024.")])


def check_parameters(notebook: Path, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that the notebook does not have, lacks, or holds with another type.

    papermill itself only warns of a misspelt name, and then runs with the default.

    Raises
    ------
    RunError
        Naming every parameter that does not fit, with the nearest known one.
    """
    import papermill

    defaults = papermill.inspect_notebook(str(notebook))
    problems = [
        Problem(
            Text("{0}, parameter {1}", notebook.name, quoted(name)),
            "the notebook has no parameter of that name.",
            nearest(name, defaults),
        )
        for name in parameters
        if name not in defaults
    ]
    for name, entry in defaults.items():
        kind = entry["inferred_type_name"]
        if name not in parameters:
            problems.append(Problem(Text("{0}, parameter {1}", notebook.name, repr(name)), "the value is missing."))
        elif type(parameters[name]).__name__ != kind:
            message = Text("expected {0}, found {1}.", kind, quoted(parameters[name]))
            problems.append(Problem(Text("{0}, parameter {1}", notebook.name, repr(name)), message))
    if not defaults:
        problems.append(Problem(notebook.name, "no cell is tagged 'parameters'.", "Tag the cell with the defaults."))
    if problems:
        raise RunError(problems)


def execute(source: Path, work: Path, parameters: dict[str, Any], progress: bool) -> Any:
    """Execute the weekly notebook and return it, finished."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from tqdm import tqdm

    from wockit.weekly.kernels import CANNOT_START

    for name in ("papermill", "traitlets"):  # what stops a run is said below, in a sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    tqdm.monitor_interval = 0  # no thread beside ours: the kernel may be forked
    check_parameters(source, parameters)
    bar: Any = {"desc": say("Weekly report"), "unit": "cell", "file": sys.stderr} if progress else False
    try:
        notebook = papermill.execute_notebook(
            str(_translated(source, work)),
            str(work / "weekly_report.ipynb"),
            engine_name=_engine(),
            parameters=parameters,
            progress_bar=bar,
            cwd=str(work),
            kernel_name="python3",
            kernel_manager_class="wockit.weekly.kernels.PromptManager",
            execution_timeout=CELL_SECONDS,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            shutdown_kernel="immediate",  # it has nothing more to say
            iopub_timeout=CELL_SECONDS,  # of a busy machine, or for a long table
        )
    except papermill.PapermillExecutionError as error:
        message: str = Text("it failed with {0}: {1}.", error.ename, quoted(str(error.evalue), 400))
        raise RunError([Problem(Text("weekly_report.ipynb, cell [{0}]", error.exec_count), message)]) from None
    except (CellTimeoutError, DeadKernelError) as error:
        message = Text(
            "the kernel died or a cell ran longer than {0} seconds: {1}.", CELL_SECONDS, quoted(str(error), 400)
        )
        raise RunError([Problem("weekly_report.ipynb", message, "Is there enough memory for this account?")]) from None
    except CANNOT_START as error:
        message = Text("its kernel could not start: {0}.", quoted(str(error), 400))
        do = "Is the machine out of memory, processes or open files?"
        raise RunError([Problem("weekly_report.ipynb", message, do)]) from None
    if hidden := hidden_errors(notebook):
        raise RunError(hidden)
    if not (work / "summary.json").is_file():
        message = "it ended without an error, but its last cell did not write summary.json."
        raise RunError([Problem("weekly_report.ipynb", message, "Is the last cell still there?")])
    return notebook


def _translated(source: Path, work: Path) -> Path:
    """The notebook with its prose in the language spoken: itself where that is English."""
    import nbformat

    if spoken() == "en":
        return source
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = say(cell.source)
    nbformat.write(notebook, work / source.name)
    return work / source.name


@cache
def _engine() -> str:
    """Name of papermill's engine that writes the notebook once, at its end or where it breaks, not at every cell."""
    from papermill.engines import NBClientEngine, papermill_engines

    class WrittenOnce(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
            path, nb_man.output_path = nb_man.output_path, None
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
            finally:
                nb_man.output_path = path

    papermill_engines.register("wockit", WrittenOnce)
    return "wockit"


def hidden_errors(notebook: Any) -> list[Problem]:
    """Errors that papermill lets pass: a widget swallowed them, or a cell ended the run with `sys.exit()`."""
    widgets = [
        ("widget", output)
        for state in notebook.metadata.get("widgets", {}).values()
        for model in state.get("state", {}).values()
        for output in model.get("state", {}).get("outputs") or ()
    ]
    cells = [
        (Text("cell [{0}]", cell.execution_count), output)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    return [
        Problem(
            Text("weekly_report.ipynb, {0}", where),
            Text("it failed with {0}: {1}.", output["ename"], quoted(output["evalue"], 400)),
        )
        for where, output in widgets + cells
        if output["output_type"] == "error"
    ]
