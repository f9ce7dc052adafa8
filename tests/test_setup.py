"""The project as it is installed: one list of dependencies, the README's commands, and a wheel that stands alone."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib import import_module
from pathlib import Path

import hypothesis
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {"jupyter-client": "jupyter_client", "matplotlib": "matplotlib-base", "playwright": "python-playwright"}


def requirements():
    return [Requirement(text) for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]


def readme(folder="."):
    return (ROOT / folder / "README.md").read_text(encoding="utf-8")


def test_environment_yml_says_the_same_as_pyproject():
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *names, last = content["dependencies"]
    editable, *from_pip = last["pip"]
    listed = [Requirement(text) for text in [*names, *from_pip]]
    conda = {item.name: item.specifier for item in listed if item.name not in ("python", "pip")}
    assert conda == {CONDA_NAMES.get(item.name, item.name): item.specifier for item in requirements()}
    assert content["channels"] == ["conda-forge"]
    assert editable == "-e ."
    assert "python>=3.11" in names


def test_every_dependency_is_pinned_to_one_version_that_fits():
    lines = (ROOT / ".constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines]
    assert all(str(item.specifier).startswith("==") for item in pinned)
    for wanted in requirements():
        versions = [str(item.specifier)[2:] for item in pinned if item.name == wanted.name]
        assert versions
        assert all(wanted.specifier.contains(version) for version in versions)


def test_no_file_of_the_set_up_names_a_registry():
    own = [path.relative_to(ROOT) for path in ROOT.glob("[!.]*/**/README.md")]
    for name in (".constraints.txt", "environment.yml", "pyproject.toml", "README.md", ".ci/run", *own):
        assert not re.search(r"://|--?i(?:ndex)?\b", (ROOT / name).read_text(encoding="utf-8"))


def test_the_readme_begins_with_the_two_commands():
    first, second = re.search(r"```sh\n(.*?)```", readme(), re.DOTALL)[1].splitlines()
    assert first == "python -m pip install -c .constraints.txt -e . && wockit weekly"
    assert second == "python -m pip install -c .constraints.txt -e '.[test]' && pytest && pytest -m end_to_end"


def test_the_first_screen_is_short_and_every_link_leads_to_a_file():
    assert len(readme().splitlines()) < 150
    for page in [ROOT / "README.md", *ROOT.glob("[!.]*/**/README.md")]:
        for link in re.findall(r"\]\(([^)#]+)(?:#[\w-]+)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page, link)


def test_the_glossary_is_made_from_the_records_of_the_columns():
    assert import_module("wockit.columns").glossary() in readme("wockit")


@pytest.mark.end_to_end
def test_a_wheel_runs_outside_the_checkout(tmp_path):
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    borrowed = {**alone, "JUPYTER_PATH": str(Path(sysconfig.get_path("data")) / "share" / "jupyter")}

    def run(*command):
        found = subprocess.run(command, cwd=tmp_path, env=borrowed, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr
        return found

    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "empty")
    scripts = tmp_path / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
    into = ["--python", str(scripts / "python"), "install"]
    run(sys.executable, "-m", "pip", *into, "--quiet", "--no-deps", str(wheel))
    site = run(scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    where = run(scripts / "python", "-c", "import wockit; print(wockit.__file__)").stdout
    assert str(tmp_path) in where
    run(scripts / "wockit", "weekly")
    assert sorted(path.name for path in tmp_path.glob("reports/sample/2026-11-23/*")) == [
        "advice.csv",
        "plan.xlsx",
        "positions.csv",
        "report.html",
        "run.json",
        "summary.json",
        "weekly_report.ipynb",
    ]


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]])
def test_lint_format_and_types(command):
    found = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_no_test_depends_on_a_clock():
    assert hypothesis.settings.default.deadline is None
    timed = re.compile(r"deadline[=]|perf[_]counter|time\.time[(]")
    files = [*(ROOT / "tests").glob("test_*.py"), *(ROOT / "tests" / "browser").glob("*.py")]
    assert [path.name for path in files if timed.search(path.read_text(encoding="utf-8"))] == []


def test_the_readme_names_every_finding_with_its_meaning():
    codes = import_module("wockit.reading.referee").CODES
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|$", readme("data/sample"), re.MULTILINE)
    assert [row for row in rows if row[0] in codes] == list(codes.items())


def test_a_forked_kernel_is_known_to_jupyter_by_its_entry_point():
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    module, name = points["jupyter_client.kernel_provisioners"][import_module("wockit.weekly.kernels").NAME].split(":")
    assert hasattr(import_module(module), name)
